// The head of a request as it came → Exchange: what belongs to the client's connection is taken off, what a stranger
// says of other hops as well, and the gateway's own fields are added. It never throws: decide judges what is wrong.
import type { Fields, ReadonlyFields } from '../../lib/header-fields.ts';
import { listMembers, removeField } from '../../lib/header-fields.ts';
import type { EntryPoint } from '../../model/startup.ts';
import type { PathOddity } from '../../rules/routing/normalise-path.ts';
import type { Exchange } from '../middlewares/exchange.ts';
import { classOf, createFieldClassifier, hopsField } from './field-classes.ts';
import { toRequestId } from './request-id.ts';
import { authorityOf } from './request-target.ts';
import { compileTrust } from './trusted-peers.ts';

/** What a lane knows of a request. */
export type IncomingHead = {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: Exchange['httpVersion'];
  readonly rawHeaders: ReadonlyFields;
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly isTls: boolean;
  readonly hasBody: boolean;
  /** Whether the lane can change the protocol for this request. */
  readonly canUpgrade: boolean;
};

/** What the fields of a request say, with the connection on which they came; of the target nothing but its authority. */
export type ReceivedFields = {
  /** How many Host fields came, and the first of them; `host` is that of an absolute-form target instead, if there is one. */
  readonly hostFields: number;
  readonly hostField: string;
  readonly host: string;
  readonly scheme: Exchange['scheme'];
  /** What goes upstream, the gateway's own fields included; only the request's id is not in it yet. */
  readonly fields: ReadonlyFields;
  /** Where in `fields` the id has its place. */
  readonly idAt: number;
  readonly givenId: string | undefined;
  readonly upgrade: string | undefined;
  readonly takesTrailers: boolean;
  readonly expectsContinue: boolean;
  readonly hops: number;
  readonly isOversized: boolean;
  /** It says in two ways, or in one that servers do not agree on, where its body ends. */
  readonly isBadlyFramed: boolean;
  /** The client expects something that nobody knows. */
  readonly hasUnknownExpectation: boolean;
  /** The client has sent the same fields again. */
  repeats: boolean;
  /** Kept by whoever writes them, for the next time: the lines of those in front of the id. */
  lines: string | undefined;
};

/** An Exchange with what only decide needs. */
export type IncomingExchange = Exchange & {
  readonly received: ReceivedFields;
  /** The client is not appended to X-Forwarded-For (forwardedHeaders.notAppendXForwardedFor of the entry point). */
  readonly keepsForwardedFor: boolean;
  /** What is odd about the path. Set by decide. */
  pathOddities: readonly PathOddity[];
};

/**
 * Reads a request. `known` is what was received with an earlier one on the same connection, whose fields were the same and
 * whose target had no authority either; then they are not read again.
 */
export type RequestReader = (head: IncomingHead, known?: ReceivedFields) => IncomingExchange;

const nothingOdd: readonly PathOddity[] = Object.freeze([]);

/** A request has at most so many fields (nginx and Envoy allow fewer), each of at most so many characters. */
const maxFields = 1000;
const maxFieldLength = 64 * 1024;

/** Makes the reader of one entry point. `serverName` is what X-Forwarded-Server says. */
export function createRequestReader(entryPoint: EntryPoint, serverName: string): RequestReader {
  const classify = createFieldClassifier();
  const isTrusted = compileTrust(entryPoint.forwardedHeaders);
  const keepsForwardedFor = entryPoint.forwardedHeaders.notAppendXForwardedFor;
  const passable = new Set(entryPoint.forwardedHeaders.connection.map((name) => name.toLowerCase()));

  function receive(head: IncomingHead): ReceivedFields {
    const { rawHeaders } = head;
    const trusted = isTrusted(head.clientAddress);
    const fields: Fields = [];
    let hostField = '';
    let hostFields = 0;
    let connection: string | undefined;
    let upgrade: string | undefined;
    let codings: string | undefined;
    let takesTrailers = false;
    let expectsContinue = false;
    let hasUnknownExpectation = false;
    let givenId: string | undefined;
    let hops = 0;
    let isOversized = rawHeaders.length > 2 * maxFields;
    const end = isOversized ? 2 * maxFields : rawHeaders.length;
    let proto: string | undefined;
    let hasHost = false;
    let hasPort = false;
    let hasRealIp = false;

    for (let at = 0; at < end; at += 2) {
      const name = rawHeaders[at] ?? '';
      const value = rawHeaders[at + 1] ?? '';
      if (value.length > maxFieldLength) isOversized = true;
      switch (classify(name)) {
        case 'pass':
          fields.push(name, value);
          break;
        case 'drop':
          break;
        case 'host':
          if (hostFields === 0) hostField = value;
          hostFields += 1;
          break;
        case 'connection':
          connection = connection === undefined ? value : `${connection},${value}`;
          break;
        case 'upgrade':
          upgrade = value.trim().toLowerCase();
          break;
        case 'transfer-encoding':
          codings = codings === undefined ? value : `${codings},${value}`;
          break;
        case 'content-length':
          // C's strtol takes 010 for 8: two readings of one body.
          fields.push(name, value.startsWith('0') ? value.replace(/^0+(?=\d)/, '') : value);
          break;
        case 'te':
          takesTrailers ||= /(?:^|,)\s*trailers\s*(?:,|;|$)/i.test(value);
          break;
        case 'expect':
          if (value.toLowerCase() === '100-continue') expectsContinue = true;
          else hasUnknownExpectation = true;
          break;
        case 'request-id':
          givenId ??= value;
          break;
        case 'hops':
          hops = Math.max(hops, /^\d{1,4}$/.test(value) ? Number(value) : 0);
          break;
        case 'x-forwarded-proto':
          if (!trusted || value === '') break;
          proto ??= value.toLowerCase();
          fields.push(name, value);
          break;
        case 'x-forwarded-host':
          if (!trusted || value === '') break;
          hasHost = true;
          fields.push(name, value);
          break;
        case 'x-forwarded-port':
          if (!trusted || value === '') break;
          hasPort = true;
          fields.push(name, value);
          break;
        case 'x-real-ip':
          if (!trusted || value === '') break;
          hasRealIp = true;
          fields.push(name, value);
          break;
        case 'x-forwarded-server':
          break;
        case 'xff':
        case 'forwarded':
          if (trusted) fields.push(name, value);
          break;
      }
    }

    if (connection !== undefined) dropNamed(fields, connection, passable);
    const host = authorityOf(head.target) ?? hostField;
    const wantsUpgrade = head.canUpgrade && upgrade !== undefined && upgrade !== '';
    const scheme = toScheme(proto, head.isTls);
    if (proto === undefined) {
      // Traefik says ws and wss for upgrades.
      const word = upgrade === 'websocket' && wantsUpgrade ? 'ws' : 'http';
      fields.push('X-Forwarded-Proto', head.isTls ? `${word}s` : word);
    }
    if (!hasRealIp) fields.push('X-Real-Ip', head.clientAddress);
    if (!hasHost && host !== '') fields.push('X-Forwarded-Host', host);
    if (!hasPort) fields.push('X-Forwarded-Port', portOf(host, scheme));
    fields.push('X-Forwarded-Server', serverName, 'X-Request-Id', '', hopsField, String(hops + 1));
    const idAt = fields.length - 3;
    // RFC 9110 §10.1.4: the one member that concerns what comes back through us.
    if (takesTrailers) fields.push('TE', 'trailers');

    return {
      hostFields,
      hostField,
      host,
      scheme,
      fields,
      idAt,
      givenId,
      upgrade: wantsUpgrade ? upgrade : undefined,
      takesTrailers,
      expectsContinue,
      hops,
      isOversized,
      isBadlyFramed: codings !== undefined && !isPlainlyChunked(codings, head.httpVersion),
      hasUnknownExpectation,
      repeats: false,
      lines: undefined,
    };
  }

  return (head, known) => {
    const received = known ?? receive(head);
    if (known !== undefined) known.repeats = true;
    const requestId = toRequestId(received.givenId);
    const fields = received.fields.slice();
    fields[received.idAt] = requestId;
    return {
      startedAt: Date.now(),
      startedTick: performance.now(),
      requestId,
      entryPoint: entryPoint.name,
      clientAddress: head.clientAddress,
      clientPort: head.clientPort,
      isTls: head.isTls,
      scheme: received.scheme,
      httpVersion: head.httpVersion,
      method: head.method,
      originalTarget: head.target,
      originalHost: received.host,
      upgrade: received.upgrade,
      hasBody: head.hasBody,
      expectsContinue: received.expectsContinue,
      takesTrailers: received.takesTrailers,
      host: received.host,
      path: '/',
      query: '',
      fields,
      user: undefined,
      responseRewrites: [],
      stages: undefined,
      cookies: undefined,
      endings: undefined,
      isOver: false,
      received,
      keepsForwardedFor,
      pathOddities: nothingOdd,
    };
  };
}

/**
 * `chunked` alone, and in HTTP/1.1. Node's parser takes any list that ends in it, such as `identity, chunked` (TE.TE
 * smuggling), and would lose the other codings; in HTTP/1.0 the framing is faulty (RFC 9112 §6.1).
 */
function isPlainlyChunked(codings: string, httpVersion: Exchange['httpVersion']): boolean {
  return httpVersion === '1.1' && codings.trim().toLowerCase() === 'chunked';
}

/**
 * RFC 9110 §7.6.1: fields that Connection names are not forwarded. But it must not reach the gateway's own fields
 * (CVE-2024-45410) nor the framing.
 */
function dropNamed(fields: Fields, connection: string, passable: ReadonlySet<string>): void {
  for (const name of listMembers(connection)) {
    if (name === 'close' || name === 'keep-alive' || name === 'content-length' || passable.has(name))
      continue;
    if (classOf(name) === 'pass') removeField(fields, name);
  }
}

/** X-Forwarded-Proto may be ws or wss from a hop in front; what the client spoke before was HTTP. */
function toScheme(proto: string | undefined, isTls: boolean): 'http' | 'https' {
  if (proto === 'https' || proto === 'wss') return 'https';
  if (proto === 'http' || proto === 'ws') return 'http';
  return isTls ? 'https' : 'http';
}

/** The port that the client asked for: of the Host field, else of the scheme (Traefik forwardedPort). */
function portOf(host: string, scheme: 'http' | 'https'): string {
  const colon = host.lastIndexOf(':');
  if (colon >= 0 && colon < host.length - 1 && !host.endsWith(']')) return host.slice(colon + 1);
  return scheme === 'https' ? '443' : '80';
}
