// The same requests over HTTP/1.1 and over HTTP/2, for what must be the same in both: each on a connection of its own.
import { once } from 'node:events';
import { type IncomingMessage, request as request1 } from 'node:http';
import { connect } from 'node:http2';
import type { Readable, Writable } from 'node:stream';

export type AnyRequest = {
  readonly method?: string;
  readonly host?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

type Values = Readonly<Record<string, string | readonly string[] | undefined>>;

export type AnyAnswer = {
  readonly status: number;
  /** Names in lower case. */
  readonly fields: Values;
  readonly body: Buffer;
  readonly trailers: Values;
  /** Whether it came to its end. */
  readonly isWhole: boolean;
};

/** A request under way. */
export type AnyExchange = {
  /** Where the body goes; only with `open`. */
  readonly sending: Writable;
  /** Resolves with the head. Rejects when the connection ends before it. */
  readonly head: Promise<{ readonly status: number; readonly fields: Values }>;
  /** The body so far. */
  received(): Buffer;
  /** The answer as a stream, once its head has come; it flows unless it is paused. */
  incoming(): Readable;
  /** Resolves when it is over, however that came. */
  readonly over: Promise<AnyAnswer>;
  /** The client leaves. */
  abort(): void;
};

export type AnyClient = {
  readonly name: 'HTTP/1.1' | 'HTTP/2';
  /** Begins a request that goes on until `sending` is ended. */
  open(port: number, path: string, request?: AnyRequest): AnyExchange;
  /** A whole request, and its answer. */
  request(port: number, path: string, request?: AnyRequest): Promise<AnyAnswer>;
};

/** Both protocols. */
export const anyClients: readonly AnyClient[] = [client('HTTP/1.1', openHttp1), client('HTTP/2', openHttp2)];

type Open = (port: number, path: string, request: AnyRequest) => AnyExchange;

function client(name: AnyClient['name'], open: Open): AnyClient {
  return {
    name,
    open: (port, path, request = {}) => open(port, path, request),
    request(port, path, request = {}) {
      const exchange = open(port, path, request);
      exchange.sending.end(request.body);
      exchange.head.catch(() => {});
      return exchange.over;
    },
  };
}

const methodOf = ({ method, body }: AnyRequest): string => method ?? (body === undefined ? 'GET' : 'POST');

function openHttp1(port: number, path: string, request: AnyRequest): AnyExchange {
  const { host = 'a', fields = {}, body } = request;
  const sending = request1({
    port,
    host: '127.0.0.1',
    path,
    method: methodOf(request),
    agent: false,
    headers: {
      host,
      ...fields,
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
    },
  });
  let answer: IncomingMessage | undefined;
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve) => void sending.on('close', resolve));
  sending.on('error', () => {});
  sending.on('response', (incoming) => {
    answer = incoming;
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {});
  });
  const received = (): Buffer => Buffer.concat(chunks);
  return {
    sending,
    head: once(sending, 'response').then(() => ({
      status: answer?.statusCode ?? 0,
      fields: answer?.headers ?? {},
    })),
    received,
    incoming: () => answer as IncomingMessage,
    over: closed.then(() => ({
      status: answer?.statusCode ?? 0,
      fields: answer?.headers ?? {},
      body: received(),
      trailers: answer?.trailers ?? {},
      isWhole: answer?.complete ?? false,
    })),
    abort: () => void sending.destroy(),
  };
}

function openHttp2(port: number, path: string, request: AnyRequest): AnyExchange {
  const { host = 'a', fields = {} } = request;
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  const method = methodOf(request);
  const stream = session.request({ ':path': path, ':method': method, ':authority': host, ...fields });
  let status = 0;
  let answered: Values = {};
  let trailers: Values = {};
  let isEnded = false;
  const chunks: Buffer[] = [];
  stream.on('error', () => {});
  stream.on('response', (headers) => {
    status = Number(headers[':status']);
    answered = headers as Values;
  });
  stream.on('trailers', (headers) => {
    trailers = headers as Values;
  });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => {
    isEnded = true;
  });
  const received = (): Buffer => Buffer.concat(chunks);
  const closed = new Promise<void>((resolve) => void stream.on('close', resolve));
  return {
    sending: stream,
    head: once(stream, 'response').then(() => ({ status, fields: answered })),
    received,
    incoming: () => stream,
    over: closed.then(() => {
      session.destroy();
      const isWhole = isEnded && stream.rstCode === 0 && status !== 0;
      return { status, fields: answered, body: received(), trailers, isWhole };
    }),
    abort: () => void session.destroy(),
  };
}
