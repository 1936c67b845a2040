// The table of TCP middleware kinds: options → what lets a connection in. A kind without an implementation does not compile.
import type { TcpMiddleware } from '../../../model/dynamic-config.ts';
import type {
  TcpMiddlewareKind,
  TcpMiddlewareOptions,
  TcpMiddlewareOptionsByKind,
} from '../../../model/tcp-middlewares.ts';
import type { Limits } from '../../live-state/limits.ts';
import { compileAddressSet } from '../address-set.ts';

/** Lets a client in and gives what is to be called at its end, or undefined for one that is refused. */
export type TcpGate = (clientAddress: string) => (() => void) | undefined;

type Compilers = {
  readonly [K in TcpMiddlewareKind]: (
    options: TcpMiddlewareOptionsByKind[K],
    limits: Limits,
    limit: string,
  ) => TcpGate;
};

const compilers = {
  inFlightConn: compileInFlightConn,
  ipAllowList: compileIpAllowList,
  ipWhiteList: compileIpAllowList,
} as const satisfies Compilers;

const nothing = (): void => {};

/** Refuses everybody: what stands for a middleware that is not there. */
export const closedGate: TcpGate = () => undefined;

/** Compiles one middleware. Its counts are known by its name and options: a change elsewhere does not touch them. */
export function compileTcpMiddleware(middleware: TcpMiddleware, limits: Limits): TcpGate {
  const { name, kind, options } = middleware;
  return compileKind(middleware, limits, `${name} (tcp) ${kind} ${JSON.stringify(options)}`);
}

function compileKind<K extends TcpMiddlewareKind>(
  { kind, options }: Extract<TcpMiddlewareOptions, { kind: K }>,
  limits: Limits,
  limit: string,
): TcpGate {
  const compile = compilers[kind] as Compilers[K];
  return compile(options as TcpMiddlewareOptionsByKind[K], limits, limit);
}

/** Gates in a row: a client that one of them refuses leaves those before it again. */
export function joinGates(gates: readonly TcpGate[]): TcpGate {
  if (gates.length === 0) return () => nothing;
  return (clientAddress) => {
    const entered: (() => void)[] = [];
    const leaveAll = (): void => {
      for (const leave of entered) leave();
    };
    for (const gate of gates) {
      const leave = gate(clientAddress);
      if (leave === undefined) {
        leaveAll();
        return undefined;
      }
      entered.push(leave);
    }
    return leaveAll;
  };
}

/** Over all workers together (Traefik v3.7, pkg/middlewares/tcp/inflightconn). */
function compileInFlightConn(
  { amount = 0 }: TcpMiddlewareOptionsByKind['inFlightConn'],
  limits: Limits,
  limit: string,
): TcpGate {
  return (clientAddress) => limits.enter(limit, clientAddress, amount);
}

/** By the connection's other end (Traefik v3.7, pkg/middlewares/tcp/ipallowlist). */
function compileIpAllowList({ sourceRange }: TcpMiddlewareOptionsByKind['ipAllowList']): TcpGate {
  const isAllowed = compileAddressSet(sourceRange);
  return (clientAddress) => (isAllowed(clientAddress) ? nothing : undefined);
}
