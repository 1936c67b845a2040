// The schema of all labels below `traefik.` and `berth.`. Decoding, linting and docs/labels.md are made from it.
import Type, { type TSchema } from 'typebox';
import { toFieldTree } from '../../lib/field-tree.ts';
import { flag, optional, section, sectionMap, text } from '../../model/fields.ts';
import {
  type MiddlewareKind,
  type MiddlewareOptionsByKind,
  middlewareKindsNotYet,
  middlewareSchemas,
} from '../../model/middlewares/catalog.ts';
import { type RouterOptions, routerSchema } from '../../model/router.ts';
import { type ServiceOptions, serviceSchema } from '../../model/service.ts';
import {
  type TcpRouterOptions,
  type TcpServiceOptions,
  tcpRouterSchema,
  tcpServiceSchema,
} from '../../model/tcp.ts';
import {
  type TcpMiddlewareKind,
  type TcpMiddlewareOptionsByKind,
  tcpMiddlewareSchemas,
} from '../../model/tcp-middlewares.ts';

/** Sections that Traefik switches on by the bare label (reference "Label Format", allowEmpty). */
const emptyAllowed: ReadonlySet<string> = new Set(['compress', 'contentType']);

function notYet(description: string, allowEmpty = false) {
  return Type.Unknown({ description, field: { kind: 'section', notYet: true, allowEmpty } });
}

const middlewareSchema = section(
  Object.fromEntries<TSchema>([
    ...Object.entries(middlewareSchemas).map(([kind, schema]) => [kind, optional(schema)] as const),
    ...middlewareKindsNotYet.map(
      (kind) => [kind, optional(notYet(`Traefik’s ${kind} middleware.`, emptyAllowed.has(kind)))] as const,
    ),
  ]),
  { description: 'Changes requests or responses on their way. It has exactly one kind.' },
);

const tcpMiddlewareSchema = section(
  Object.fromEntries<TSchema>(
    Object.entries(tcpMiddlewareSchemas).map(([kind, schema]) => [kind, optional(schema)]),
  ),
  { description: 'Lets connections in, or refuses them. It has exactly one kind.' },
);

const notYetMap = (what: string, kind: string) =>
  optional(sectionMap(notYet(`A ${what} ${kind}.`), { description: `${what} ${kind}s by name.` }));

/** Everything that may stand below the root of a label. */
export const labelSchema = section(
  {
    enable: optional(
      flag({ description: 'Whether the container is routed; the provider’s exposedByDefault if absent.' }),
    ),
    docker: optional(
      section(
        {
          network: optional(
            text({ description: 'Network whose address is used; the provider’s `network` if absent.' }),
          ),
          allowNonRunning: optional(
            flag({
              description:
                'Keep router and service while the container is stopped: requests get 503 instead of 404.',
              default: false,
            }),
          ),
          lbSwarm: optional(
            flag({ description: 'Use Swarm’s own load balancer.', default: false, notYet: true }),
          ),
        },
        { description: 'How the container is reached.' },
      ),
    ),
    http: optional(
      section(
        {
          routers: optional(sectionMap(routerSchema, { description: 'HTTP routers by name.' })),
          services: optional(sectionMap(serviceSchema, { description: 'HTTP services by name.' })),
          middlewares: optional(sectionMap(middlewareSchema, { description: 'HTTP middlewares by name.' })),
        },
        { description: 'HTTP routing.' },
      ),
    ),
    tcp: optional(
      section(
        {
          routers: optional(sectionMap(tcpRouterSchema, { description: 'TCP routers by name.' })),
          services: optional(sectionMap(tcpServiceSchema, { description: 'TCP services by name.' })),
          middlewares: optional(sectionMap(tcpMiddlewareSchema, { description: 'TCP middlewares by name.' })),
        },
        { description: 'TCP routing.' },
      ),
    ),
    udp: optional(
      section(
        { routers: notYetMap('UDP', 'router'), services: notYetMap('UDP', 'service') },
        { description: 'UDP routing.' },
      ),
    ),
    tls: optional(notYet('Default certificates.')),
    swarm: optional(notYet('Docker Swarm.')),
  },
  { description: 'Labels of a container.' },
);

/** The same, ready for decoding. */
export const labelFields = toFieldTree(labelSchema);

/** What decoding by `labelSchema` gives. Maps hold user-chosen names: read them by Object.entries only. */
export type LabelTree = {
  readonly enable?: boolean;
  readonly docker?: { readonly network?: string; readonly allowNonRunning?: boolean };
  readonly http?: {
    readonly routers?: Readonly<Record<string, RouterOptions>>;
    readonly services?: Readonly<Record<string, ServiceOptions>>;
    readonly middlewares?: Readonly<Record<string, MiddlewareTree>>;
  };
  readonly tcp?: {
    readonly routers?: Readonly<Record<string, TcpRouterOptions>>;
    readonly services?: Readonly<Record<string, TcpServiceOptions>>;
    readonly middlewares?: Readonly<Record<string, TcpMiddlewareTree>>;
  };
};

/** A middleware as decoded: one kind if all is well. */
export type MiddlewareTree = { readonly [K in MiddlewareKind]?: MiddlewareOptionsByKind[K] };
/** A TCP middleware as decoded: one kind if all is well. */
export type TcpMiddlewareTree = { readonly [K in TcpMiddlewareKind]?: TcpMiddlewareOptionsByKind[K] };
