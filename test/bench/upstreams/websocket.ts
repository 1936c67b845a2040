// An upstream that accepts every upgrade to WebSocket and sends back each byte of the tunnel; other requests get 200.
// Frames are not read: a masked one comes back as it was. Argument: the port.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';

/** RFC 6455 §1.3. */
const salt = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const server = createServer((_request, response) => response.end('no upgrade'));
server.on('upgrade', (request, socket: Socket) => {
  const key = request.headers['sec-websocket-key'] ?? '';
  const accept = createHash('sha1')
    .update(key + salt)
    .digest('base64');
  socket.setNoDelay(true);
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on('data', (bytes) => socket.write(bytes));
  socket.on('end', () => socket.end());
  socket.on('error', () => socket.destroy());
});
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4_096 });
