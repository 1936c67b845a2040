// Ports for programs that have to be told one.
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that nobody listens on now, of loopback unless said otherwise. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
