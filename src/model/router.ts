// A router as a user writes it (label, file): Traefik's options under Traefik's names. Source: Traefik v3.7
// "Routers" reference.
import type { Static } from 'typebox';
import { choice, duration, flag, integer, optional, section, text, textList } from './fields.ts';
import { tlsSection } from './tls-section.ts';

const routerObservabilitySchema = section(
  {
    accessLogs: optional(flag({ description: 'Whether requests of this router are logged.' })),
    metrics: optional(flag({ description: 'Whether requests of this router are counted.' })),
    tracing: optional(flag({ description: 'Whether requests of this router are traced.', notYet: true })),
    traceVerbosity: optional(
      choice(['minimal', 'detailed'], { description: 'How much a trace holds.', notYet: true }),
    ),
  },
  { description: "Overrides the entry point's observability switches." },
);

const routerTimeoutsSchema = section(
  {
    connect: optional(duration({ description: 'Most time for a connection to a replica to stand.' })),
    firstByte: optional(
      duration({
        description: 'Most time for the head of its answer, from when the whole request has been sent.',
      }),
    ),
    idle: optional(duration({ description: 'Most time between two parts of its answer.' })),
    total: optional(
      duration({ description: 'Most time from the head of the request to the end of the answer.' }),
    ),
  },
  { description: 'Time limits towards replicas, of Berth’s own; 0 is no limit.' },
);

/** As labels and files write it. */
export const routerSchema = section(
  {
    rule: optional(text({ description: 'Which requests it takes; the provider’s defaultRule if absent.' })),
    ruleSyntax: optional(choice(['v3', 'v2'], { description: 'The language of the rule.', default: 'v3' })),
    entryPoints: optional(
      textList({ description: 'Entry points that it listens on; all default ones if absent.' }),
    ),
    middlewares: optional(
      textList({ description: 'Middlewares by name or name@provider, run in this order.' }),
    ),
    service: optional(text({ description: 'Service by name or name@provider.' })),
    priority: optional(
      integer({ description: 'Higher is tried first; 0 means the length of the rule in bytes.', default: 0 }),
    ),
    tls: optional(tlsSection('The router answers only TLS connections when this is present.')),
    observability: optional(routerObservabilitySchema),
    timeouts: optional(routerTimeoutsSchema),
  },
  { description: 'Connects a rule on entry points to a service.' },
);

/** Decoded. */
export type RouterOptions = Static<typeof routerSchema>;
