// An upstream for large bodies. GET with ?bytes=N sends so many, with Content-Length or, with &chunked, without; POST
// reads all and answers how many came. Argument: the port.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const piece = Buffer.alloc(65_536, 'b');

createServer((request, response) => {
  const query = new URL(request.url ?? '/', 'http://upstream.test').searchParams;
  if (request.method === 'POST') count(request, response);
  else send(response, Number(query.get('bytes') ?? 1_024), query.has('chunked'));
}).listen({ port: Number(process.argv[2]), host: '127.0.0.1' });

function count(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  request.on('end', () => response.end(String(bytes)));
}

function send(response: ServerResponse, bytes: number, chunked: boolean): void {
  if (!chunked) response.setHeader('content-length', bytes);
  let rest = bytes;
  const push = () => {
    while (rest > 0) {
      const next = rest >= piece.length ? piece : piece.subarray(0, rest);
      rest -= next.length;
      if (!response.write(next)) {
        response.once('drain', push);
        return;
      }
    }
    response.end();
  };
  push();
}
