// The header block of an HTTP/2 request → the head that all lanes know. Pure. What RFC 9113 calls malformed has been refused
// before this sees it; what would change its meaning in HTTP/1.1 is refused here once more.

import { connectionFields } from '../../../lib/forwardable-fields.ts';
import type { Fields, ReadonlyFields } from '../../../lib/header-fields.ts';
import type { FaultCode } from '../../../model/errors.ts';
import type { IncomingHead } from '../../exchange/read-request.ts';

/** What the lane knows of a request besides its header block. */
export type RequestOrigin = Pick<IncomingHead, 'clientAddress' | 'clientPort' | 'isTls' | 'hasBody'>;

/** A head, and why it is refused if it is. */
export type Http2RequestHead = {
  readonly head: IncomingHead;
  readonly fault: FaultCode | undefined;
  /** Of an extended CONNECT for a WebSocket (RFC 8441): the key that the upstream's answer must fit. */
  readonly webSocketKey: string | undefined;
};

/**
 * Reads a header block: names in lower case, pseudo-fields first. `createKey` makes a Sec-WebSocket-Key, for extended
 * CONNECT only: it goes on as the GET with Upgrade that it stands for.
 */
export function readRequestHead(
  block: ReadonlyFields,
  origin: RequestOrigin,
  createKey: () => string,
): Http2RequestHead {
  const rawHeaders: Fields = ['host', ''];
  let method = '';
  let path = '';
  let scheme: string | undefined;
  let authority: string | undefined;
  let protocol: string | undefined;
  let host: string | undefined;
  let cookie: string | undefined;
  let fault: FaultCode | undefined;
  for (let at = 0; at < block.length; at += 2) {
    const name = block[at] ?? '';
    const value = block[at + 1] ?? '';
    if (name.charCodeAt(0) === 58 /* : */) {
      if (name === ':method') method = value;
      else if (name === ':path') path = value;
      else if (name === ':authority') authority = value;
      else if (name === ':scheme') scheme = value;
      else if (name === ':protocol') protocol = value;
      else fault = 'bad-request';
    } else if (name === 'cookie') {
      // RFC 9113 §8.2.3: crumbs become one field again, for HTTP/1.1 knows only one.
      cookie = cookie === undefined ? value : `${cookie}; ${value}`;
    } else if (name === 'host') {
      if (host !== undefined) fault = 'bad-host';
      host = value;
    } else if (connectionFields.has(name) || (name === 'te' && value.toLowerCase() !== 'trailers')) {
      // RFC 9113 §8.2.2: malformed. Forwarded, it would frame or route the request once more (H2.TE, H2.CL smuggling).
      fault = 'bad-request';
    } else rawHeaders.push(name, value);
  }
  if (cookie !== undefined) rawHeaders.push('cookie', cookie);
  // RFC 9113 §8.3.1: the two must not differ. A router would go by the one and the upstream by the other.
  if (authority !== undefined && host !== undefined && authority.toLowerCase() !== host.toLowerCase()) {
    fault ??= 'bad-host';
  }
  const named = authority ?? host;
  if (named === undefined) rawHeaders.splice(0, 2);
  else rawHeaders[1] = named;

  const isWebSocket = method === 'CONNECT' && protocol?.toLowerCase() === 'websocket';
  const webSocketKey = isWebSocket ? createKey() : undefined;
  if (webSocketKey !== undefined) {
    method = 'GET';
    replaceHandshake(rawHeaders, webSocketKey);
  }
  if (method !== 'CONNECT') fault ??= faultOfTarget(path, scheme);
  return {
    head: {
      ...origin,
      // What follows the head of an extended CONNECT is the tunnel's.
      hasBody: origin.hasBody && webSocketKey === undefined,
      method,
      target: path,
      httpVersion: '2.0',
      rawHeaders,
      canUpgrade: webSocketKey !== undefined,
    },
    fault,
    webSocketKey,
  };
}

/** With another scheme the path need not be one: `:scheme` and `:path` together could spell a target for somewhere else. */
function faultOfTarget(path: string, scheme: string | undefined): FaultCode | undefined {
  const lower = scheme?.toLowerCase();
  if (lower !== 'http' && lower !== 'https') return 'bad-request';
  return path.charCodeAt(0) === 47 /* / */ ? undefined : 'bad-request';
}

/** The handshake of RFC 6455 §4.1, which RFC 8441 §5 leaves out; one that came all the same is nobody's. */
function replaceHandshake(fields: Fields, key: string): void {
  for (let at = fields.length - 2; at >= 0; at -= 2) {
    if (fields[at] === 'sec-websocket-key') fields.splice(at, 2);
  }
  fields.push('upgrade', 'websocket', 'sec-websocket-key', key);
}
