// The table of TCP middleware kinds: every room that handles them is held to it by `satisfies Record<TcpMiddlewareKind, …>`.
// Source: Traefik v3.7 "TCP Middlewares".
import type { Static } from 'typebox';
import { integer, optional, section, textList } from './fields.ts';

const inFlightConnSchema = section(
  {
    amount: optional(
      integer({
        description: 'Connections that one client address may have open at a time; more are closed.',
        default: 0,
      }),
    ),
  },
  { description: 'Limits the open connections of each client address.' },
);

const sourceRange = textList({ description: 'Addresses and CIDR ranges that are served.' });

const tcpIpAllowListSchema = section(
  { sourceRange },
  { description: 'Serves the clients of given addresses only; all others are closed.' },
);

const tcpIpWhiteListSchema = section(
  { sourceRange },
  { description: 'The old name of ipAllowList.', deprecated: 'Use ipAllowList.' },
);

/** All kinds that Traefik has. */
export const tcpMiddlewareSchemas = {
  inFlightConn: inFlightConnSchema,
  ipAllowList: tcpIpAllowListSchema,
  ipWhiteList: tcpIpWhiteListSchema,
} as const;

/** One of them. */
export type TcpMiddlewareKind = keyof typeof tcpMiddlewareSchemas;

/** Each kind with its decoded options. */
export type TcpMiddlewareOptionsByKind = {
  inFlightConn: Static<typeof inFlightConnSchema>;
  ipAllowList: Static<typeof tcpIpAllowListSchema>;
  ipWhiteList: Static<typeof tcpIpWhiteListSchema>;
};

/** One middleware with its kind: `kind` decides the type of `options`. */
export type TcpMiddlewareOptions = {
  [K in TcpMiddlewareKind]: { readonly kind: K; readonly options: TcpMiddlewareOptionsByKind[K] };
}[TcpMiddlewareKind];
