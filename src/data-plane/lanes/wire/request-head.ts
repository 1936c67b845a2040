// The head of a request from its bytes, in the strict canonical form that the wire lane takes. It guesses nothing: what
// is not plainly canonical is no fault, it just belongs to the complete lane with Node's parser. Pure.
import type { Fields, ReadonlyFields } from '../../../lib/header-fields.ts';
import { isPlainlyFramed, isPlainValue, readFieldLines } from '../../upstream/wire/field-lines.ts';
import { readLength } from '../../upstream/wire/response-head.ts';

/** How the body of a request ends. */
export type RequestFraming = 'none' | 'length' | 'chunked';

/** What the field lines of a request say. */
type RequestFields = {
  /** The lines themselves, the empty one included. */
  readonly fieldLines: string;
  readonly fields: ReadonlyFields;
  readonly framing: RequestFraming;
  /** With the framing `length`. */
  readonly length: number;
  /** The client wants the connection closed after the answer. */
  readonly closes: boolean;
  /** The client asks for another protocol; it has sent no body. */
  readonly upgrades: boolean;
};

/** What the first lines of a request say. */
export type RequestHead = RequestFields & {
  readonly method: string;
  /** Origin-form, as sent. */
  readonly target: string;
};

const requestLineTail = ' HTTP/1.1\r\n';

/** More is for the complete lane to judge. */
const maxFields = 100;

/** Methods whose requests are taken, and whether those with a body are. */
const bodyAllowed: ReadonlyMap<string, boolean> = new Map([
  ['GET', false],
  ['HEAD', false],
  ['POST', true],
  ['PUT', true],
  ['PATCH', true],
  ['DELETE', false],
  ['OPTIONS', false],
]);

/** A name may change to nothing that begins like this: a way around every rule (h2c smuggling), or TLS inside. */
const refusedProtocols = ['h2', 'http', 'tls'] as const;

/**
 * Reads it; `end` is where the empty line begins. Undefined: not for this lane. Clients repeat themselves: when the lines are
 * those of `before`, of an earlier request on the same connection, they are not read again, and `fields` is the same list.
 */
export function parseRequestHead(text: string, end: number, before?: RequestHead): RequestHead | undefined {
  const methodEnd = text.indexOf(' ');
  const method = text.slice(0, methodEnd);
  const mayHaveBody = bodyAllowed.get(method);
  if (mayHaveBody === undefined) return undefined;
  const targetEnd = endOfTarget(text, methodEnd + 1);
  if (targetEnd < 0 || !text.startsWith(requestLineTail, targetEnd)) return undefined;
  const from = targetEnd + requestLineTail.length;
  const lines = text.slice(from, end + 4);
  const said = before?.fieldLines === lines ? before : parseRequestFields(text, from, end, lines);
  if (said === undefined || (said.framing !== 'none' && !mayHaveBody)) return undefined;
  const { fieldLines, fields, framing, length, closes, upgrades } = said;
  const target = text.slice(methodEnd + 1, targetEnd);
  return { method, target, fieldLines, fields, framing, length, closes, upgrades };
}

function parseRequestFields(
  text: string,
  from: number,
  end: number,
  fieldLines: string,
): RequestFields | undefined {
  const fields: Fields = [];
  if (!readFieldLines(text, from, end + 2, isPlainValue, fields)) return undefined;
  if (fields.length > 2 * maxFields) return undefined;

  let hosts = 0;
  let length = -1;
  let isChunked = false;
  let connection = '';
  let upgrade: string | undefined;
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] as string;
    // By length first: a comparison of names costs more than one of numbers.
    switch (name.length) {
      case 4:
        if (name.toLowerCase() === 'host') hosts += 1;
        break;
      case 6:
        if (name.toLowerCase() === 'expect') return undefined;
        break;
      case 7:
        if (name.toLowerCase() === 'upgrade') {
          if (upgrade !== undefined) return undefined;
          upgrade = (fields[at + 1] as string).toLowerCase();
        }
        break;
      case 10:
        if (name.toLowerCase() === 'connection') connection += `,${(fields[at + 1] as string).toLowerCase()}`;
        break;
      case 14:
        if (isLengthLike(name.toLowerCase())) {
          if (name.includes('_') || length >= 0) return undefined;
          length = readLength(fields[at + 1] as string);
          if (length < 0) return undefined;
        }
        break;
      case 16:
        // Nobody defines it, and Node's parser obeys it.
        if (name.toLowerCase() === 'proxy-connection') return undefined;
        break;
      case 17:
        if (isCodingLike(name.toLowerCase())) {
          if (name.includes('_') || isChunked || (fields[at + 1] as string).toLowerCase() !== 'chunked')
            return undefined;
          isChunked = true;
        }
        break;
    }
  }
  if (hosts !== 1 || (isChunked && length >= 0)) return undefined;
  if ((isChunked || length >= 0) && !isPlainlyFramed(fieldLines)) return undefined;
  const framing = isChunked ? 'chunked' : length > 0 ? 'length' : 'none';
  const upgrades = upgrade !== undefined;
  if (upgrades && (framing !== 'none' || !isUpgradable(upgrade as string, connection))) return undefined;
  const closes = lists(connection, 'close');
  return { fieldLines, fields, framing, length, closes, upgrades };
}

/** Of a target in origin-form of visible ASCII; -1 for any other. */
function endOfTarget(text: string, start: number): number {
  if (text.charCodeAt(start) !== 47 /* / */) return -1;
  for (let at = start + 1; ; at++) {
    const code = text.charCodeAt(at);
    if (code > 32 && code < 127 && code !== 35 /* # */) continue;
    return code === 32 ? at : -1;
  }
}

function isLengthLike(name: string): boolean {
  return name === 'content-length' || name === 'content_length';
}

function isCodingLike(name: string): boolean {
  return name === 'transfer-encoding' || name === 'transfer_encoding';
}

/** Whether a list in lower case, which begins with a comma unless it is empty, has this member. */
function lists(list: string, member: string): boolean {
  // Most lists do not hold it at all.
  return list.includes(member) && list.split(',').some((each) => each.trim() === member);
}

/** Only what the complete lane would obey too; a name that Connection does not list is no request for an upgrade. */
function isUpgradable(upgrade: string, connection: string): boolean {
  if (upgrade === '' || !lists(connection, 'upgrade')) return false;
  for (const refused of refusedProtocols) if (upgrade.startsWith(refused)) return false;
  for (let at = 0; at < upgrade.length; at++) {
    const code = upgrade.charCodeAt(at);
    // Letters, digits and what RFC 9110 §7.8 needs of the rest: `-`, `.`, `/`, `+`.
    const isLetter = (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
    if (!isLetter && code !== 43 && code !== 45 && code !== 46 && code !== 47 && code !== 95) return false;
  }
  return true;
}

/** Whether bytes without an empty line yet may still become a request of this lane. */
export function mayBecomeHead(text: string): boolean {
  const methodEnd = text.indexOf(' ');
  const method = methodEnd < 0 ? text : text.slice(0, methodEnd);
  const isKnown =
    methodEnd < 0
      ? [...bodyAllowed.keys()].some((known) => known.startsWith(method))
      : bodyAllowed.has(method);
  return isKnown && !hasBareLineFeed(text);
}

/** A line end that some servers take for one and others do not. */
function hasBareLineFeed(text: string): boolean {
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (text.charCodeAt(at - 1) !== 13) return true;
  }
  return false;
}
