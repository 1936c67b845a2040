// One GET request whose answer is a text, as Go's http.Client makes it: redirects are followed, with the limits that a
// configuration endpoint is given.
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { ConnectionOptions } from 'node:tls';

/** What is asked for, and how much of an answer is taken. */
export type FetchOptions = {
  readonly headers: Readonly<Record<string, string>>;
  /** For all redirects together, in milliseconds; 0: no limit. */
  readonly timeoutMs: number;
  /** Negative: no limit. */
  readonly maxBytes: number;
  readonly tls: ConnectionOptions;
};

/** Go's http.Client stops after ten. */
const maxRedirects = 10;

/** The body of a 200. Rejects with one sentence in every other case. */
export async function fetchText(url: URL, options: FetchOptions, closing: AbortSignal): Promise<string> {
  const limit = options.timeoutMs > 0 ? AbortSignal.timeout(options.timeoutMs) : undefined;
  const signal = limit === undefined ? closing : AbortSignal.any([closing, limit]);
  try {
    return await follow(url, options.headers, options, signal);
  } catch (error) {
    if (limit?.aborted === true) throw new Error(`It did not answer within ${options.timeoutMs / 1_000} s.`);
    throw error;
  }
}

async function follow(
  url: URL,
  headers: FetchOptions['headers'],
  options: FetchOptions,
  signal: AbortSignal,
  redirects = 0,
): Promise<string> {
  const response = await ask(url, headers, options.tls, signal);
  const { statusCode = 0 } = response;
  const target = [301, 302, 303, 307, 308].includes(statusCode)
    ? URL.parse(response.headers.location ?? '', url)
    : null;
  if (target !== null && /^https?:$/.test(target.protocol)) {
    response.resume();
    if (redirects === maxRedirects) throw new Error(`It redirects more than ${maxRedirects} times.`);
    // Credentials are for the host that they were written for.
    const next = target.host === url.host ? headers : withoutCredentials(headers);
    return follow(target, next, options, signal, redirects + 1);
  }
  if (statusCode !== 200) {
    response.resume();
    throw new Error(`It answered with status ${statusCode}.`);
  }
  return readBody(response, options.maxBytes);
}

function ask(
  url: URL,
  headers: FetchOptions['headers'],
  tls: ConnectionOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { headers, signal, agent: false };
    const request =
      url.protocol === 'https:' ? requestHttps(url, { ...options, ...tls }) : requestHttp(url, options);
    request.once('response', resolve).once('error', reject).end();
  });
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (maxBytes >= 0 && length > maxBytes) throw new Error(`Its answer is longer than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const credentials: ReadonlySet<string> = new Set(['authorization', 'cookie', 'www-authenticate', 'host']);

function withoutCredentials(headers: FetchOptions['headers']): FetchOptions['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !credentials.has(name.toLowerCase())));
}
