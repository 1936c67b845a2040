// The schema of what all providers can declare: routers, services, middlewares. Labels and files are decoded by it, so that
// an option means the same wherever it is written.
import Type, { type TSchema } from 'typebox';
import { toFieldTree } from '../../lib/field-tree.ts';
import { notYetInFiles, optional, section, sectionMap } from '../../model/fields.ts';
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
import {
  type UdpRouterOptions,
  type UdpServiceOptions,
  udpRouterSchema,
  udpServiceSchema,
} from '../../model/udp.ts';

/** Sections that Traefik switches on by the bare label (reference "Label Format", allowEmpty). */
const emptyAllowed: ReadonlySet<string> = new Set(['contentType']);

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

/** The sections of dynamic configuration, one for each protocol. */
export const dynamicSections = {
  http: optional(
    section(
      {
        routers: optional(sectionMap(routerSchema, { description: 'HTTP routers by name.' })),
        services: optional(sectionMap(serviceSchema, { description: 'HTTP services by name.' })),
        middlewares: optional(sectionMap(middlewareSchema, { description: 'HTTP middlewares by name.' })),
        serversTransports: notYetInFiles('HTTP servers transports by name.'),
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
        serversTransports: notYetInFiles('TCP servers transports by name.'),
      },
      { description: 'TCP routing.' },
    ),
  ),
  udp: optional(
    section(
      {
        routers: optional(sectionMap(udpRouterSchema, { description: 'UDP routers by name.' })),
        services: optional(sectionMap(udpServiceSchema, { description: 'UDP services by name.' })),
      },
      { description: 'UDP routing.' },
    ),
  ),
  tls: optional(notYet('Default certificates.')),
};

/** The same for files, ready for decoding. */
export const fileFields = toFieldTree(
  section(dynamicSections, { description: 'Dynamic configuration.' }),
  'files',
);

/** What decoding by `dynamicSections` gives. Maps hold user-chosen names: read them by Object.entries only. */
export type DynamicTree = {
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
  readonly udp?: {
    readonly routers?: Readonly<Record<string, UdpRouterOptions>>;
    readonly services?: Readonly<Record<string, UdpServiceOptions>>;
  };
};

/** A middleware as decoded: one kind if all is well. */
export type MiddlewareTree = { readonly [K in MiddlewareKind]?: MiddlewareOptionsByKind[K] };
/** A TCP middleware as decoded: one kind if all is well. */
export type TcpMiddlewareTree = { readonly [K in TcpMiddlewareKind]?: TcpMiddlewareOptionsByKind[K] };
