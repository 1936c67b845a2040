// Services over services as a user writes them. Traefik takes them from files and stores only; Berth takes them from labels
// under `berth.` too. Source: Traefik v3.7 "HTTP Services" reference, pkg/config/dynamic.
import type { Static } from 'typebox';
import { flag, integer, optional, section, sectionList, text } from './fields.ts';
import { stickySchema } from './sticky-schema.ts';

const memberSchema = section(
  {
    name: text({ description: 'A service by name or name@provider.' }),
    weight: optional(integer({ description: 'Share of the requests relative to the others.', default: 1 })),
  },
  { description: 'A service and its share.' },
);

const membersSchema = optional(sectionList(memberSchema, { description: 'The services.' }));

const propagation = (description: string) => optional(section({}, { description, allowEmpty: true }));

const weightedSchema = section(
  {
    services: membersSchema,
    sticky: optional(stickySchema),
    healthCheck: propagation('Passes over services of which no server is ready.'),
  },
  { description: 'Spreads requests over services by their weights.' },
);

const highestRandomWeightSchema = section(
  {
    services: membersSchema,
    healthCheck: propagation('Passes over services of which no server is ready.'),
  },
  { description: 'Keeps each client on one of the services, by its address.' },
);

const failoverSchema = section(
  {
    service: text({ description: 'The service that is asked, by name or name@provider.' }),
    fallback: text({ description: 'The service that is asked while no server of the first one is ready.' }),
    healthCheck: propagation('Counts as down, for services above it, while both are.'),
  },
  { description: 'Goes to another service while the first one is down.' },
);

const mirrorSchema = section(
  {
    name: text({ description: 'A service by name or name@provider.' }),
    percent: optional(integer({ description: 'How many of 100 requests it gets, too.', default: 0 })),
  },
  { description: 'A service that gets copies.' },
);

const mirroringSchema = section(
  {
    service: text({ description: 'The service that answers, by name or name@provider.' }),
    mirrorBody: optional(flag({ description: 'Whether copies have the request’s body.', default: true })),
    maxBodySize: optional(
      integer({
        description:
          'Bytes of a body up to which a request is copied; -1 for as much as there is memory for.',
        default: -1,
      }),
    ),
    mirrors: optional(sectionList(mirrorSchema, { description: 'Those that get copies.' })),
    healthCheck: propagation('Accepted: the service is always up while the one that answers is.'),
  },
  { description: 'Sends copies of requests to other services, whose answers nobody gets.' },
);

/** The kinds of services over services, each with its schema. */
export const compositeSchemas = {
  weighted: weightedSchema,
  highestRandomWeight: highestRandomWeightSchema,
  failover: failoverSchema,
  mirroring: mirroringSchema,
} as const;

/** One of them. */
export type CompositeKind = keyof typeof compositeSchemas;

/** Each kind with its decoded options. */
export type CompositeOptionsByKind = {
  readonly [K in CompositeKind]: Static<(typeof compositeSchemas)[K]>;
};

/** A service over services with its kind, which decides the type of `options`. */
export type CompositeOptions = {
  [K in CompositeKind]: { readonly kind: K; readonly options: CompositeOptionsByKind[K] };
}[CompositeKind];

/** All kinds. */
export const compositeKinds = Object.keys(compositeSchemas) as readonly CompositeKind[];
