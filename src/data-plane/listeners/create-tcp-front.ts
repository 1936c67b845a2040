// What stands behind the first bytes of a connection on an entry point with TCP routers: a relay, with or without a handshake
// before it, or the same lanes as on any other entry point.
import type { Socket } from 'node:net';
import type { TlsMaterial } from '../../model/tls-material.ts';
import type { ExchangeRecorder } from '../../observability/create-exchange-recorder.ts';
import type { TcpTable } from '../exchange/snapshot.ts';
import { type RelayCore, type RoutedClient, relayConnection } from '../lanes/tcp/relay-connection.ts';
import { createTlsAcceptor } from '../tls/create-tls-acceptor.ts';
import { reportFailures } from './create-tls-front.ts';
import { dispatchConnection, type LaneByProtocol } from './dispatch-connection.ts';
import { dispatchTcp, postgresStart } from './dispatch-tcp.ts';

/** TCP routers on one entry point. */
export type TcpFront = {
  /** Takes a new connection. `onRelay` is called if no lane of HTTP gets it. */
  accept(socket: Socket, table: TcpTable, onRelay: () => void): void;
  /** New handshakes are made with this. */
  setTls(material: TlsMaterial): void;
};

/** What it works with. */
export type TcpFrontParts = Omit<RelayCore, 'recorder'> & {
  readonly recorder: Pick<ExchangeRecorder, 'countHandshakeFailure' | 'openConnection' | 'recordConnection'>;
  readonly lanes: LaneByProtocol;
  /** For the first bytes of a connection, and for its handshake. */
  readonly limitMs: number;
};

/** What Traefik offers where no TLS options say otherwise: clients of other protocols are refused by an alert. */
const offered = ['h2', 'http/1.1'];

/** Serves nothing yet. */
export function createTcpFront(parts: TcpFrontParts, material: TlsMaterial): TcpFront {
  const { connections, entryPoint, lanes, limitMs } = parts;
  /** Clients that are shaking hands. */
  const routed = new WeakMap<Socket, Omit<RoutedClient, 'socket'>>();
  const acceptor = createTlsAcceptor(
    material,
    { protocols: offered, fallback: '', limitMs },
    {
      onSecure(encrypted, raw) {
        const client = routed.get(raw);
        if (client === undefined) throw new Error('A handshake was made for nobody.');
        connections.secure(raw, encrypted);
        relayConnection(parts, { ...client, socket: encrypted });
      },
      ...reportFailures(entryPoint, parts),
    },
  );
  return {
    accept(socket, table, onRelay) {
      const { address } = connections.of(socket);
      dispatchTcp(
        socket,
        address,
        table,
        {
          relay(router, raw, first, { serverName }, isPostgres) {
            onRelay();
            if (router.tls === 'terminate') {
              routed.set(raw, { router, serverName });
              acceptor.accept(raw, first);
              return;
            }
            if (first.length > 0) raw.unshift(first);
            relayConnection(parts, {
              router,
              socket: raw,
              serverName,
              prelude: isPostgres ? postgresStart : undefined,
            });
          },
          http(raw, first) {
            raw.unshift(first);
            dispatchConnection(raw, lanes, limitMs);
            raw.resume();
          },
          https: (raw, first) => lanes.tls.accept(raw, first),
        },
        limitMs,
      );
    },
    setTls: acceptor.use,
  };
}
