// The one normaliser of paths: rules, middlewares and the upstream see what comes out of here, so that none of them
// reads a path that another one was not asked about. Steps and order are Traefik 3.7's: decode unreserved characters,
// write escapes in upper case, collapse `//`, `.` and `..`, then decode what is not reserved for matching only.
import { cleanPath } from './clean-path.ts';

/**
 * Spellings that some upstreams read as another path than the rules did. Each is named as Traefik's
 * `encodedCharacters` options where it has one.
 */
export type PathOddity =
  | 'encodedSlash' // %2F
  | 'backSlash' // \ or %5C: a slash for Windows and IIS
  | 'nullCharacter' // %00: cuts the path for C programs
  | 'semicolon' // ; in plain: Tomcat and others drop what follows up to the next slash
  | 'encodedSemicolon' // %3B
  | 'encodedPercent' // %25
  | 'doubleEncoding' // %25 before two hex digits: a second decoding changes the path
  | 'overlongUtf8' // %C0%AF: lax decoders read a slash
  | 'encodedQuestionMark' // %3F
  | 'encodedHash' // %23
  | 'hiddenDots'; // a `.` or `..` between separators of which one is escaped, or has parameters of Tomcat behind it

/**
 * What the gateway refuses unless the router allows it: the spellings by which `/admin` is reached around a rule for
 * it. (Traefik lets all of them through by default.) Percent, question mark and hash are ordinary in file names.
 */
export const refusedByDefault: ReadonlySet<PathOddity> = new Set<PathOddity>([
  'encodedSlash',
  'backSlash',
  'nullCharacter',
  'semicolon',
  'encodedSemicolon',
  'doubleEncoding',
  'overlongUtf8',
  'hiddenDots',
]);

/** Longest path in characters; longer ones get 414. nginx's default limit of a request line (8 KB). */
export const maxPathLength = 8192;

/** Why a path is no path: `tooLong` is a 414, the others are a 400. */
export type PathFault = 'notAbsolute' | 'illegalCharacter' | 'badEscape' | 'tooLong';

/** A path in the two forms that are used. */
export type NormalisedPath = {
  /** To be sent upstream: a legal, sanitised path. */
  readonly forward: string;
  /** To be matched by rules: the same, with everything decoded but reserved characters (RFC 3986 §2.2). */
  readonly match: string;
  /** Each oddity once; empty for ordinary paths. */
  readonly suspicious: readonly PathOddity[];
};

/** The path, or why it is refused. */
export type NormalisePathResult = NormalisedPath | { readonly fault: PathFault };

const nothingSuspicious: readonly PathOddity[] = Object.freeze([]);

/**
 * Normalises the path of a request target, without its query. `sanitize` is the entry point's `sanitizePath`
 * (default true in Traefik and here): without it `//`, `.` and `..` stay.
 */
export function normalisePath(path: string, options: { readonly sanitize: boolean }): NormalisePathResult {
  if (path.charCodeAt(0) !== 47) return { fault: 'notAbsolute' };
  if (path.length > maxPathLength) return { fault: 'tooLong' };
  if (isPlain(path)) return { forward: path, match: path, suspicious: nothingSuspicious };
  return normaliseOddPath(path, options.sanitize);
}

/** True for paths that normalise to themselves, in one scan: most requests end here. */
function isPlain(path: string): boolean {
  let previous = 0;
  for (let at = 0; at < path.length; at++) {
    const code = path.charCodeAt(at);
    if (plainCharacters[code] !== 1) return false;
    if (previous === 47 && (code === 47 || code === 46)) return false;
    previous = code;
  }
  return true;
}

/** Characters that a path may hold in plain (RFC 3986 §3.3, pchar), with `[` and `]` as Go, without `%` and `;`. */
const plainCharacters = tableOf(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@[]/",
);

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

function normaliseOddPath(path: string, sanitize: boolean): NormalisePathResult {
  const odd = new Set<PathOddity>();
  let escaped = '';
  for (let at = 0; at < path.length; at++) {
    const code = path.charCodeAt(at);
    if (plainCharacters[code] === 1) {
      escaped += path[at];
      continue;
    }
    if (code === 37 /* % */) {
      const hex = path.slice(at + 1, at + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(hex)) return { fault: 'badEscape' };
      escaped += normaliseEscape(hex.toUpperCase(), path.slice(at + 3, at + 5), odd);
      at += 2;
      continue;
    }
    // A space or a control character ends the request line for some parsers, `#` the path (RFC 9112 §3.2).
    if (code <= 32 || code === 127 || code === 35 || code === 63) return { fault: 'illegalCharacter' };
    if (code === 59) odd.add('semicolon');
    if (code === 92) odd.add('backSlash');
    // Node gives the bytes of a request line as latin1; as in Go, what is illegal in plain is sent escaped.
    escaped += code === 59 ? ';' : code > 255 ? encodeURIComponent(path.charAt(at)) : escapeByte(code);
  }
  const forward = sanitize ? cleanPath(escaped) : escaped;
  const match = forward.includes('%') ? decodeForMatching(forward, odd) : forward;
  if (sanitize && odd.size > 0 && hasHiddenDots(forward)) odd.add('hiddenDots');
  return { forward, match, suspicious: odd.size === 0 ? nothingSuspicious : [...odd] };
}

/**
 * Where an escaped separator is allowed, the upstream may take it for one: `/public/..%2Fadmin` is `/admin` then, and
 * `/%2Fadmin` too, or a host. Servers with parameters in paths read `..;x` as `..` (RFC 3986 §3.3). None of that is what the
 * rules were asked about.
 */
function hasHiddenDots(forward: string): boolean {
  const segments = forward.split(/\/|%2F|%5C/).map((segment) => segment.replace(/(?:;|%3B).*$/, ''));
  const isEmptyFirst = segments.length > 2 && segments[1] === '';
  return isEmptyFirst || segments.some((segment) => segment === '.' || segment === '..');
}

/** The escape in upper case, or the character itself when it is unreserved, so that `%2e%2e` is seen as `..`. */
function normaliseEscape(hex: string, next: string, odd: Set<PathOddity>): string {
  const code = Number.parseInt(hex, 16);
  const character = String.fromCharCode(code);
  if (/[A-Za-z0-9._~-]/.test(character)) return character;
  const oddity = escapeOddities[hex];
  if (oddity) odd.add(oddity);
  if (hex === '25' && /^[0-9a-fA-F]{2}$/.test(next)) odd.add('doubleEncoding');
  return `%${hex}`;
}

const escapeOddities: Readonly<Record<string, PathOddity>> = {
  '00': 'nullCharacter',
  '23': 'encodedHash',
  '25': 'encodedPercent',
  '2F': 'encodedSlash',
  '3B': 'encodedSemicolon',
  '3F': 'encodedQuestionMark',
  '5C': 'backSlash',
  C0: 'overlongUtf8',
  C1: 'overlongUtf8',
};

function escapeByte(code: number): string {
  return `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Reserved characters stay escaped in the matching path, for decoding them would move borders (RFC 3986 §2.2). */
const reservedEscape = /^%(?:3A|2F|3F|23|5B|5D|40|21|24|26|27|28|29|2A|2B|2C|3B|3D|25)$/;

function decodeForMatching(forward: string, odd: Set<PathOddity>): string {
  return forward.replace(/(?:%[0-9A-F]{2})+/g, (run) => {
    let decoded = '';
    for (const [piece] of run.matchAll(/(?:%[89A-F][0-9A-F])+|%[0-7][0-9A-F]/g)) {
      decoded += piece.length === 3 && reservedEscape.test(piece) ? piece : decodePiece(piece, odd);
    }
    return decoded;
  });
}

function decodePiece(piece: string, odd: Set<PathOddity>): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    // Not UTF-8: no rule can name such bytes, so they stay escaped. A three-byte or four-byte form of a short
    // character is overlong as well (RFC 3629 §3).
    if (/%E0%[89]|%F0%8/.test(piece)) odd.add('overlongUtf8');
    return piece;
  }
}
