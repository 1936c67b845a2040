// Node's own parser of HTTP/1.1, llhttp, as the reference that the wire lane is held to.
import { createRequire } from 'node:module';

/** One message as llhttp reads it. */
export type Message = {
  /** Of a request. */
  readonly method: string;
  readonly target: string;
  /** Of a response. */
  readonly status: number;
  readonly fields: readonly string[];
  /** Those behind a chunked body. */
  trailers: readonly string[];
  /** latin1. */
  body: string;
  /** Whether its end has come. */
  isWhole: boolean;
  readonly asksUpgrade: boolean;
  readonly keepsAlive: boolean;
};

export type Reading = {
  readonly messages: readonly Message[];
  /** Why it read no further. */
  readonly error: string | undefined;
};

type HeadHandler = (
  major: number,
  minor: number,
  fields: string[] | undefined,
  method: number,
  target: string | undefined,
  status: number,
  reason: string,
  asksUpgrade: boolean,
  keepsAlive: boolean,
) => number;

type Parser = {
  initialize(type: number, resource: object, maxHeadBytes: number, lenientFlags: number): void;
  execute(bytes: Buffer): number | (Error & { code: string });
  free(): void;
  [event: number]: unknown;
};

type ParserClass = {
  new (): Parser;
  readonly REQUEST: number;
  readonly RESPONSE: number;
  readonly kOnHeaders: number;
  readonly kOnHeadersComplete: number;
  readonly kOnBody: number;
  readonly kOnMessageComplete: number;
};

const { HTTPParser, methods } = createRequire(import.meta.url)('_http_common') as {
  HTTPParser: ParserClass;
  methods: readonly string[];
};

let messages: Message[] = [];
let fieldParts: string[] = [];
let targetParts = '';
let endsWithHead = false;
const parser = new HTTPParser();
parser[HTTPParser.kOnHeaders] = (fields: string[], target: string): void => {
  fieldParts.push(...fields);
  targetParts += target;
};
const onHead: HeadHandler = (
  _major,
  _minor,
  fields,
  method,
  target,
  status,
  _reason,
  asksUpgrade,
  keepsAlive,
) => {
  messages.push({
    method: methods[method] ?? '',
    target: target ?? targetParts,
    status,
    fields: fields ?? fieldParts,
    trailers: [],
    body: '',
    isWhole: false,
    asksUpgrade,
    keepsAlive,
  });
  fieldParts = [];
  targetParts = '';
  return endsWithHead || (status >= 100 && status < 200 && status !== 101) ? 1 : 0;
};
parser[HTTPParser.kOnHeadersComplete] = onHead;
parser[HTTPParser.kOnBody] = (bytes: Buffer): void => {
  const message = messages.at(-1);
  if (message !== undefined) message.body += bytes.toString('latin1');
};
parser[HTTPParser.kOnMessageComplete] = (): void => {
  const message = messages.at(-1);
  if (message !== undefined) {
    message.isWhole = true;
    message.trailers = fieldParts;
  }
  fieldParts = [];
  targetParts = '';
};

/** Reads requests, as Node's server does: an upgrade is one of its messages, and what follows is read on. */
export function readRequests(bytes: Buffer): Reading {
  return read(HTTPParser.REQUEST, bytes, false);
}

/** Reads responses; `isHead` for those to HEAD. */
export function readResponses(bytes: Buffer, isHead: boolean): Reading {
  return read(HTTPParser.RESPONSE, bytes, isHead);
}

function read(type: number, bytes: Buffer, isHead: boolean): Reading {
  messages = [];
  endsWithHead = isHead;
  let from = 0;
  parser.initialize(type, {}, 1 << 20, 0);
  for (;;) {
    fieldParts = [];
    targetParts = '';
    const outcome = parser.execute(bytes.subarray(from));
    if (typeof outcome !== 'number') return { messages, error: outcome.code };
    // It stops behind a request for an upgrade, and goes on when nobody obeys.
    from += outcome;
    if (outcome === 0 || from >= bytes.length || type === HTTPParser.RESPONSE)
      return { messages, error: undefined };
  }
}
