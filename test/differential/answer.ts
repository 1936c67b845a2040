// An answer in the form in which two gateways are compared: what may differ by nature is taken out, and nothing else.
import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { until } from '../support/until.ts';
import type { Received } from './echo-replica.ts';

/** What a client and the replica saw of one exchange. */
export type Seen = {
  readonly status: number;
  /** Lines `name: value`, sorted. */
  readonly fields: readonly string[];
  /** What the replica received, if the answer is its own; else undefined. */
  readonly received: Received | undefined;
};

/** Sends the bytes on a connection of their own and reads to its end. `port` is written as PORT wherever it shows. */
export async function ask(port: number, request: string): Promise<Seen> {
  const bytes = await exchange(port, request);
  const end = bytes.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const fields = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const fieldValue = (name: string) => fields.find(([one]) => one === name)?.[1];
  const isChunked = fieldValue('transfer-encoding') === 'chunked';
  const body = decode(
    isChunked ? dechunk(bytes.subarray(end + 4)) : bytes.subarray(end + 4),
    fieldValue('content-encoding'),
  );
  const neutral = (text: string) =>
    text.replaceAll(`:${port}`, ':PORT').replaceAll(/\b(x-forwarded-port: )\d+/g, '$1PORT');
  return {
    status: Number(statusLine.split(' ')[1]),
    fields: fields
      .filter(([name]) => !notCompared.has(name))
      .map(([name, value]) => neutral(`${name}: ${value}`))
      .sort(),
    received: readReceived(body, neutral),
  };
}

/** Lengths and framing are each gateway's own way to say the same; times differ. */
const notCompared = new Set([
  'date',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'x-request-id',
]);

/** Berth tells the replica of the request's id and of the gateways on the way; the rest is framing. */
const notComparedUpstream = /^(?:x-request-id|x-berth-hops|connection|content-length|transfer-encoding): /;

function readReceived(body: Buffer, neutral: (text: string) => string): Received | undefined {
  try {
    const received = JSON.parse(body.toString('utf8')) as Received;
    if (!Array.isArray(received.fields)) return undefined;
    return {
      ...received,
      fields: received.fields.filter((line) => !notComparedUpstream.test(line)).map(neutral),
    };
  } catch {
    return undefined;
  }
}

async function exchange(port: number, request: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let isOver = false;
  const socket = connect(port, '127.0.0.1', () => socket.write(request, 'latin1'));
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.on('close', () => {
    isOver = true;
  });
  try {
    await until(`an answer to ${JSON.stringify(request.slice(0, 60))}`, () => isOver);
  } finally {
    socket.destroy();
  }
  return Buffer.concat(chunks);
}

function dechunk(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const line = bytes.indexOf('\r\n', at);
    const length = Number.parseInt(bytes.subarray(at, line).toString('latin1'), 16);
    if (line < 0 || !(length > 0)) break;
    parts.push(bytes.subarray(line + 2, line + 2 + length));
    at = line + 2 + length + 2;
  }
  return Buffer.concat(parts);
}

function decode(bytes: Buffer, encoding: string | undefined): Buffer {
  if (bytes.length === 0) return bytes;
  switch (encoding) {
    case 'gzip':
      return gunzipSync(bytes);
    case 'br':
      return brotliDecompressSync(bytes);
    case 'zstd':
      return zstdDecompressSync(bytes);
    default:
      return bytes;
  }
}
