// A client of HTTP/2 over one connection, and what came back on each stream.

import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type SecureClientSessionOptions,
} from 'node:http2';

export type Http2Answer = {
  readonly status: number;
  readonly fields: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly trailers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of the RST_STREAM that ended it; 0 for a clean end. */
  readonly code: number;
};

export type Http2Client = {
  readonly session: ClientHttp2Session;
  /** Sends a whole request. The method is GET, or POST with a body. */
  request(path: string, options?: Http2Request): Promise<Http2Answer>;
  /** Opens a stream that the test goes on with. */
  open(fields: Readonly<Record<string, string | string[]>>, endStream?: boolean): ClientHttp2Stream;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type Http2Request = {
  readonly fields?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
};

/** h2c with prior knowledge, or TLS for an https origin. */
export async function http2Client(
  origin: string,
  options: SecureClientSessionOptions = {},
): Promise<Http2Client> {
  const session = connect(origin, options);
  session.on('error', () => {});
  await once(session, 'connect');
  const close = async (): Promise<void> => {
    session.destroy();
  };
  return {
    session,
    request(path, { fields = {}, body } = {}) {
      const method = body === undefined ? 'GET' : 'POST';
      const stream = session.request(
        { ':path': path, ':method': method, ...fields },
        { endStream: body === undefined },
      );
      if (body !== undefined) stream.end(body);
      return answerOn(stream);
    },
    open: (fields, endStream = false) => session.request(fields, { endStream }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Waits for the end of a stream. */
export function answerOn(stream: ClientHttp2Stream): Promise<Http2Answer> {
  return new Promise((resolve) => {
    let fields: Http2Answer['fields'] = {};
    let trailers: Http2Answer['trailers'] = {};
    let body = '';
    stream.setEncoding('utf8');
    stream.on('response', (headers) => {
      fields = headers as Http2Answer['fields'];
    });
    stream.on('trailers', (headers) => {
      trailers = headers as Http2Answer['trailers'];
    });
    stream.on('data', (text: string) => {
      body += text;
    });
    stream.on('error', () => {});
    stream.on('close', () => {
      resolve({ status: Number(fields[':status'] ?? 0), fields, body, trailers, code: stream.rstCode });
    });
  });
}
