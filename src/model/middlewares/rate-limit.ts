// Options of the rateLimit middleware. Source: Traefik v3.7 "RateLimit".
import type { Static } from 'typebox';
import { duration, integer, notYet, optional, section } from '../fields.ts';
import { sourceCriterionSchema } from './source-criterion.ts';

/** As labels and files write it. */
export const rateLimitSchema = section(
  {
    average: optional(
      integer({ description: 'Requests of one source in each period; 0 is no limit.', default: 0 }),
    ),
    period: optional(
      duration({ description: 'Time in which average requests are let through.', default: 1_000 }),
    ),
    burst: optional(integer({ description: 'Requests that may come at once after a pause.', default: 1 })),
    sourceCriterion: optional(sourceCriterionSchema),
    redis: notYet(
      'Buckets in Redis, shared by several gateways.',
      false,
      'The workers of this gateway share the buckets among themselves.',
    ),
  },
  { description: 'Limits how often requests come, for each client address unless said otherwise.' },
);

/** Decoded. */
export type RateLimitOptions = Static<typeof rateLimitSchema>;
