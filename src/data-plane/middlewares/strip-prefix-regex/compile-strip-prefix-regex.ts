// stripPrefixRegex: removes what a regexp matches at the beginning of the decoded path and names it in X-Forwarded-Prefix
// (Traefik pkg/middlewares/stripprefixregex). That the rest still is a sanitised path is checked in decide.
import { GatewayError } from '../../../model/errors.ts';
import type { StripPrefixRegexOptions } from '../../../model/middlewares/strip-prefix-regex.ts';
import { findFirst, lazyFinder } from '../compile-rewriter.ts';
import type { HeadMiddleware } from '../exchange.ts';
import { toFieldValue } from '../to-field-value.ts';

/** Removes the first prefix that an expression matches (Traefik v3.7 "StripPrefixRegex"). */
export function compileStripPrefixRegex({ regex }: StripPrefixRegexOptions): HeadMiddleware {
  const finders = regex.map((source) => lazyFinder(source.trim()));
  return (exchange) => {
    const decoded = decode(exchange.path);
    for (const finder of finders) {
      const prefix = findFirst(finder(), decoded);
      // A match further on is none, and hides one that would come later at the beginning, as in Traefik.
      if (prefix === undefined || prefix === '' || !decoded.startsWith(prefix)) continue;
      const rest = exchange.path.slice(escapedLength(exchange.path, Buffer.byteLength(prefix)));
      exchange.path = rest.startsWith('/') ? rest : `/${rest}`;
      exchange.fields.push('X-Forwarded-Prefix', toFieldValue(prefix));
      break;
    }
    return undefined;
  };
}

function decode(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    // Bytes that are no UTF-8: whether they match cannot be said, so the request does not slip through unstripped.
    throw new GatewayError('bad-path', { cause });
  }
}

/** How many characters of the path stand for so many bytes of the decoded one. */
function escapedLength(path: string, bytes: number): number {
  let at = 0;
  for (let decoded = 0; decoded < bytes; decoded += 1) at += path[at] === '%' ? 3 : 1;
  return at;
}
