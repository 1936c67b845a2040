// An upstream that speaks: each GET gets chunks of s16le audio at 24 kHz in real time, the first at once, until the
// client leaves. Each chunk begins with the time at which it was written. Argument: the port.
import { createServer, type ServerResponse } from 'node:http';
import { chunkBytes, chunkMs, probePath } from '../shared/audio-chunk.ts';

/** Streams by the tick that serves them: each tick a tenth, so that chunks are spread over time. */
const slots: Set<ServerResponse>[] = Array.from({ length: 10 }, () => new Set());
let tick = 0;
let startedAt = performance.now();

createServer((request, response) => {
  if (request.url === probePath) {
    response.end('ready');
    return;
  }
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  speak(response);
  const slot = slots[tick % slots.length];
  slot?.add(response);
  response.on('close', () => slot?.delete(response));
}).listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4_096 });

/** Serves the slots whose time has come; a late timer catches up. */
setInterval(() => {
  const due = Math.floor((performance.now() - startedAt) / (chunkMs / slots.length));
  if (due - tick > slots.length) startedAt += (due - tick - slots.length) * (chunkMs / slots.length);
  for (; tick < due; tick++) for (const response of slots[(tick + 1) % slots.length] ?? []) speak(response);
}, 5);

function speak(response: ServerResponse): void {
  const chunk = Buffer.alloc(chunkBytes);
  chunk.writeBigInt64LE(process.hrtime.bigint());
  response.write(chunk);
}
