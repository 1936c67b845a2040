// The sticky cookie of a service with its defaults. What a cookie cannot hold is an error or is left out with a warning;
// Traefik changes or drops it in silence (pkg/server/cookie, Go's net/http).

import type { StickyCookie } from '../../model/sticky-cookie.ts';
import type { StickyCookieOptions, StickyOptions } from '../../model/sticky-schema.ts';
import type { Verdict } from './verdict.ts';

/** Characters of a token (RFC 9110 §5.6.2), of which a cookie's name is made (RFC 6265 §4.1.1). */
const noToken = /[^!#$%&'*+\-.^`|~0-9A-Za-z_]/gu;
const controlCharacter = /[\0-\x1f\x7f]/;
/** What no attribute may hold (RFC 6265 §4.1.1, av-octet). */
const noAttributeText = /[^\x20-\x3a\x3c-\x7e]/gu;
const domainName = /^\.?(?=.{1,255}$)[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9][a-z0-9-]{0,62})*$/i;

/** Undefined without a cookie. Faults and doubts go to `verdict`; `key` is where the options stand, such as `weighted.sticky`. */
export function resolveSticky(
  { cookie }: StickyOptions,
  key: string,
  verdict: Verdict,
): StickyCookie | undefined {
  if (cookie !== undefined) return resolveCookie(cookie, `${key}.cookie`, verdict);
  verdict.add({
    severity: 'warning',
    code: 'bad-value',
    message: 'Without a cookie sticky has no effect, as in Traefik.',
    hint: `Set ${key}.cookie to true.`,
  });
  return undefined;
}

function resolveCookie(options: StickyCookieOptions, key: string, verdict: Verdict): StickyCookie {
  const { secure = false, httpOnly = false, sameSite, maxAge = 0 } = options;
  const name = checkedName(options.name ?? '', key, verdict);
  if (sameSite === 'none' && !secure) {
    verdict.add({
      severity: 'warning',
      code: 'bad-value',
      message: 'Browsers refuse a cookie with SameSite=None that is not Secure.',
      hint: `Set ${key}.secure to true.`,
      option: { key: `${key}.samesite`, value: sameSite },
    });
  }
  return {
    ...(name === '' ? {} : { name }),
    secure,
    httpOnly,
    ...(sameSite === undefined ? {} : { sameSite }),
    maxAge,
    path: checkedPath(options.path ?? '/', key, verdict),
    domain: checkedDomain(options.domain ?? '', key, verdict),
  };
}

function checkedName(name: string, key: string, verdict: Verdict): string {
  const option = { key: `${key}.name`, value: name };
  if (controlCharacter.test(name)) {
    verdict.add({
      severity: 'error',
      code: 'bad-value',
      message: 'The name of the cookie holds a control character.',
      hint: 'Write a name of letters, digits, - and _.',
      // The value would bring the character into logs and terminals.
      option: { key: option.key, value: JSON.stringify(name) },
    });
    return '';
  }
  const cleaned = name.replace(noToken, '_');
  if (cleaned === name) return name;
  verdict.add({
    severity: 'warning',
    code: 'bad-value',
    message: `A cookie cannot have this name; it is called ${cleaned}, as in Traefik.`,
    hint: 'Write a name of letters, digits, - and _.',
    option,
  });
  return cleaned;
}

function checkedPath(path: string, key: string, verdict: Verdict): string {
  const cleaned = path.replace(noAttributeText, '');
  if (cleaned === path) return path;
  verdict.add({
    severity: 'warning',
    code: 'bad-value',
    message: `The path of a cookie cannot hold all of these characters; ${JSON.stringify(cleaned)} is used.`,
    hint: 'Write a path of visible ASCII characters without semicolons.',
    option: { key: `${key}.path`, value: JSON.stringify(path) },
  });
  return cleaned;
}

function checkedDomain(domain: string, key: string, verdict: Verdict): string {
  if (domain === '') return '';
  // Browsers ignore the dot in front (RFC 6265 §5.2.3).
  if (domainName.test(domain)) return domain.replace(/^\./, '');
  verdict.add({
    severity: 'warning',
    code: 'bad-value',
    message: 'The domain of the cookie is no domain name; it is left out.',
    hint: 'Write a name such as example.com.',
    option: { key: `${key}.domain`, value: JSON.stringify(domain) },
  });
  return '';
}
