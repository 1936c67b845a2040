// What becomes of a request that may pass: fields of the answer replace the request's own, cookies go to the client
// (Traefik v3.7, middlewares/auth/forward.go).
import { connectionFields } from '../../../lib/forwardable-fields.ts';
import { type Fields, type ReadonlyFields, removeFieldAndAliases } from '../../../lib/header-fields.ts';
import type { ForwardAuthOptions } from '../../../model/middlewares/forward-auth.ts';
import { compileRegexp, type RegexpTest } from '../../../rules/routing/compile-regexp.ts';
import type { ResponseRewrite } from '../exchange.ts';

/** Changes the fields of a request by those of the answer; gives what is to be done with the response, if anything is. */
export type TakeConsent = (fields: Fields, answer: ReadonlyFields) => ResponseRewrite | undefined;

/** They say how the request itself is framed, and where it goes: an answer about it has no say in that. */
const ofTheRequest: ReadonlySet<string> = new Set([
  ...connectionFields,
  'host',
  'content-length',
  'te',
  'trailer',
  'expect',
  'x-berth-hops',
]);

/** @throws Error when the regexp does not compile. */
export function compileTakeConsent({
  authResponseHeaders = [],
  authResponseHeadersRegex: source = '',
  addAuthCookiesToResponse = [],
}: Pick<
  ForwardAuthOptions,
  'authResponseHeaders' | 'authResponseHeadersRegex' | 'addAuthCookiesToResponse'
>): TakeConsent {
  const names = authResponseHeaders.filter((name) => !ofTheRequest.has(name.toLowerCase()));
  const listed = new Set(names.map((name) => name.toLowerCase()));
  const matches = source === '' ? undefined : toTest(source);
  const cookies = new Set(addAuthCookiesToResponse);

  return (fields, answer) => {
    // Whatever the answer says of them, a client must not bring them along.
    for (const name of names) removeFieldAndAliases(fields, name);
    if (matches !== undefined) removeMatching(fields, matches);
    for (let at = 0; at < answer.length; at += 2) {
      const name = answer[at] ?? '';
      const lower = name.toLowerCase();
      const isTaken =
        listed.has(lower) || (matches?.(toCanonical(name)) === true && !ofTheRequest.has(lower));
      if (isTaken) fields.push(name, answer[at + 1] ?? '');
    }
    return cookies.size > 0 ? cookiePasser(answer, cookies) : undefined;
  };
}

function toTest(source: string): RegexpTest {
  const compiled = compileRegexp(source);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.test;
}

/** Also those that programs take for such a field (`X_User` for `X-User`). */
function removeMatching(fields: string[], matches: RegexpTest): void {
  const kept: string[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    const isOurs = ofTheRequest.has(name.toLowerCase());
    const matched = matches(toCanonical(name)) || matches(toCanonical(name.replaceAll('_', '-')));
    if (isOurs || !matched) kept.push(name, fields[at + 1] ?? '');
  }
  fields.splice(0, fields.length, ...kept);
}

/** As Go spells names (textproto.CanonicalMIMEHeaderKey): what Traefik's regexps are written for. */
function toCanonical(name: string): string {
  return name.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** Cookies of these names come from the answer, and never from the service. */
function cookiePasser(answer: ReadonlyFields, names: ReadonlySet<string>): ResponseRewrite | undefined {
  const set = cookiesIn(answer);
  if (set.length === 0) return undefined;
  return (_exchange, { fields }) => {
    const kept: string[] = [];
    for (let at = 0; at < fields.length; at += 2) {
      const name = fields[at] ?? '';
      const value = fields[at + 1] ?? '';
      if (name.toLowerCase() !== 'set-cookie' || !names.has(cookieName(value))) kept.push(name, value);
    }
    for (const cookie of set) if (names.has(cookieName(cookie))) kept.push('Set-Cookie', cookie);
    fields.splice(0, fields.length, ...kept);
  };
}

function cookiesIn(fields: ReadonlyFields): readonly string[] {
  return fields.filter((_value, at) => at % 2 === 1 && fields[at - 1]?.toLowerCase() === 'set-cookie');
}

function cookieName(cookie: string): string {
  return cookie.slice(0, Math.max(0, cookie.indexOf('='))).trim();
}
