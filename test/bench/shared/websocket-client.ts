// A WebSocket client as thin as possible: the handshake of RFC 6455, then whatever bytes the suite sends.
import { connect, type Socket } from 'node:net';
import type { Target } from './comparison.ts';
import { askedHost } from './site.ts';

/** Opens one. @throws when the gateway does not switch protocols. */
export function openWebSocket({ port, site }: Target): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let head = '';
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    const read = (bytes: Buffer) => {
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', read);
      socket.off('error', fail);
      socket.off('end', ended);
      if (head.startsWith('HTTP/1.1 101')) resolve(socket);
      else fail(new Error(head));
    };
    const ended = () => fail(new Error(`closed after: ${head}`));
    socket.on('error', fail).on('end', ended).on('data', read);
    socket.write(
      `GET ${site.path} HTTP/1.1\r\nHost: ${askedHost(site)}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
  });
}

/** Opens many, a few at a time. */
export async function openWebSockets(target: Target, count: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  const loops = Array.from({ length: 32 }, async () => {
    while (sockets.length < count) {
      const socket = await openWebSocket(target);
      // What was under way when the last one was counted is one too many.
      if (sockets.length < count) sockets.push(socket);
      else socket.destroy();
    }
  });
  await Promise.all(loops);
  return sockets;
}

/** Destroys them, and waits until all are closed. */
export async function closeAll(sockets: readonly Socket[]): Promise<void> {
  const closed = sockets.map(
    (socket) => new Promise<void>((resolve) => (socket.closed ? resolve() : socket.once('close', resolve))),
  );
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
}
