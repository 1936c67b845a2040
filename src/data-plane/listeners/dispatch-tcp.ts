// In front of the lanes on an entry point with TCP routers: who serves a connection, by its first bytes if need be. The
// order is Traefik's (v3.7, pkg/server/router/tcp/router.go).
import type { Socket } from 'node:net';
import type { CompiledTcpRouter, TcpTable } from '../exchange/snapshot.ts';
import { type ClientHello, readClientHello } from '../lanes/tcp/client-hello.ts';

/** Who takes over. All of them get a socket without listeners, paused; `first` are the bytes that were read from it. */
export type TcpTakers = {
  /** `isPostgres`: TLS was asked for by Postgres's own message, which has been answered and is not in `first`. */
  relay(
    router: CompiledTcpRouter,
    socket: Socket,
    first: Buffer,
    hello: ClientHello,
    isPostgres: boolean,
  ): void;
  http(socket: Socket, first: Buffer): void;
  https(socket: Socket, first: Buffer): void;
};

const nothing: ClientHello = { serverName: '', protocols: [] };
const noBytes = Buffer.alloc(0);

/** The content type of a TLS handshake record (RFC 8446 §5.1). */
const tlsHandshake = 0x16;
/** Of hellos in the old form of SSL 2, which are TLS as well; no name stands in them. */
const oldHello = 0x80;
/** How a client of Postgres asks for TLS, and the yes of its server (SSLRequest, PostgreSQL "Message Formats"). */
export const postgresStart = {
  says: Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]),
  hears: Buffer.from('S', 'latin1'),
};

/** `limitMs` is for all the bytes that are needed, however they come; a client that takes longer is cut. */
export function dispatchTcp(
  socket: Socket,
  clientAddress: string,
  table: TcpTable,
  takers: TcpTakers,
  limitMs: number,
): void {
  if (!table.needsFirstBytes()) {
    const router = table.matchPlain({ ...nothing, clientAddress });
    if (router !== undefined) {
      takers.relay(router, socket, noBytes, nothing, false);
      return;
    }
  }
  let parts: Buffer[] = [];
  let size = 0;
  let needed = 1;
  let hasAskedForTls = false;

  const onEnd = (): void => void socket.destroy();
  const timer = setTimeout(onEnd, limitMs);
  const take = (): Buffer => {
    clearTimeout(timer);
    socket.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onEnd);
    socket.pause();
    return Buffer.concat(parts);
  };
  const onClose = (): void => clearTimeout(timer);
  const onData = (chunk: Buffer): void => {
    parts.push(chunk);
    size += chunk.length;
    // Joined only when there is a point in reading them: a byte at a time must not cost the square.
    if (size < needed) return;
    const first = Buffer.concat(parts);
    parts = [first];
    needed = size + 1;
    if (first[0] === tlsHandshake) onTls(first);
    else if (hasAskedForTls) socket.destroy();
    else if (first[0] === oldHello) routeTls(nothing);
    else onPlain(first);
  };
  socket.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onEnd);

  function onTls(first: Buffer): void {
    const reading = readClientHello(first);
    if (reading.state === 'incomplete') needed = reading.needs;
    else if (reading.state === 'hello') routeTls(reading.hello);
    else if (hasAskedForTls) socket.destroy();
    // OpenSSL has the last word on it, and an alert for the client.
    else takers.https(socket, take());
  }

  function routeTls(hello: ClientHello): void {
    const head = { ...hello, clientAddress };
    const router = hasAskedForTls ? table.matchStartTls(head) : table.matchTls(head);
    if (router !== undefined) takers.relay(router, socket, take(), hello, hasAskedForTls);
    else if (hasAskedForTls) socket.destroy();
    else takers.https(socket, take());
  }

  function onPlain(first: Buffer): void {
    const { says, hears } = postgresStart;
    if (first.length < says.length && says.subarray(0, first.length).equals(first)) return;
    if (first.subarray(0, says.length).equals(says)) {
      // What came before the answer would be read as if it had been encrypted.
      if (first.length > says.length) {
        socket.destroy();
        return;
      }
      hasAskedForTls = true;
      parts = [];
      size = 0;
      needed = 1;
      socket.write(hears);
      return;
    }
    const router = table.matchPlain({ ...nothing, clientAddress });
    if (router !== undefined) takers.relay(router, socket, take(), nothing, false);
    else takers.http(socket, take());
  }
}
