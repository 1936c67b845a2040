// Options of the circuitBreaker middleware. Source: Traefik v3.7 "CircuitBreaker".
import type { Static } from 'typebox';
import { duration, integer, optional, section, text } from '../fields.ts';

/** As labels and files write it. */
export const circuitBreakerSchema = section(
  {
    expression: text({
      description: 'When it opens, such as NetworkErrorRatio() > 0.3 || LatencyAtQuantileMS(50.0) > 100.',
    }),
    checkPeriod: optional(
      duration({ description: 'Least time between two looks at the expression.', default: 100 }),
    ),
    fallbackDuration: optional(
      duration({ description: 'How long it stays open before it tries again.', default: 10_000 }),
    ),
    recoveryDuration: optional(
      duration({
        description: 'For how long it then lets through more and more requests before it closes.',
        default: 10_000,
      }),
    ),
    responseCode: optional(integer({ description: 'Status while it is open.', default: 503 })),
  },
  { description: 'Answers in place of a service that fails or is slow, for each router by itself.' },
);

/** Decoded. */
export type CircuitBreakerOptions = Static<typeof circuitBreakerSchema>;
