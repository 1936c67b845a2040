// One TCP probe: a connection, and where the check says so a text each way (Traefik v3.7, pkg/healthcheck/healthcheck_tcp.go).
// Resolves when the replica is well, rejects with a sentence or the error of the socket when it is not.
import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ResolvedTcpHealthCheck } from '../../model/dynamic-config.ts';

/** Where a probe connects, and what is said. */
export type TcpProbeTarget = {
  readonly host: string;
  readonly port: number;
  /** Whether TLS is spoken; the certificate is verified, as for clients. */
  readonly tls: boolean;
  readonly send: string;
  readonly expect: string;
};

/** The target of a replica, whose URL is `tcp://` or `tls://`; the check's own port wins. */
export function toTcpProbeTarget(
  { port, send, expect }: ResolvedTcpHealthCheck,
  replicaUrl: string,
): TcpProbeTarget {
  const url = new URL(replicaUrl);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: port ?? Number(url.port), tls: url.protocol === 'tls:', send, expect };
}

/** Asks once; `signal` ends it with its reason. */
export function probeTcp(
  { host, port, tls, send, expect }: TcpProbeTarget,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = tls
      ? connectTls({ host, port, servername: isIP(host) === 0 ? host : '' })
      : connect({ host, port });
    const wanted = Buffer.from(expect);
    let heard = Buffer.alloc(0);
    const settle = (error?: unknown): void => {
      signal.removeEventListener('abort', abort);
      socket
        .removeAllListeners()
        .on('error', () => {})
        .destroy();
      if (error === undefined) resolve();
      else reject(error as Error);
    };
    const abort = (): void => settle(signal.reason);
    const judge = (): void => {
      if (!wanted.subarray(0, heard.length).equals(heard.subarray(0, wanted.length))) {
        settle(new Error('It answered something else than what is expected.'));
      } else if (heard.length >= wanted.length) settle();
    };
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      if (send !== '') socket.write(send);
      if (expect === '') settle();
    });
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      judge();
    });
    socket.once('error', settle);
    socket.once('close', () =>
      settle(new Error('The connection was closed before the expected answer came.')),
    );
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}
