// stripPrefix: removes the first prefix that fits and names it in X-Forwarded-Prefix (Traefik
// pkg/middlewares/stripprefix). That the rest still is a sanitised path is checked for all middlewares in decide.
import type { StripPrefixOptions } from '../../../model/middlewares/strip-prefix.ts';
import { escapePath } from '../escape-path.ts';
import type { HeadMiddleware } from '../exchange.ts';
import { toFieldValue } from '../to-field-value.ts';

/** Removes the first prefix that the path begins with (Traefik v3.7 "StripPrefix"). */
export function compileStripPrefix({ prefixes }: StripPrefixOptions): HeadMiddleware {
  const known = prefixes.map((prefix) => ({
    escaped: escapePath(prefix.trim()),
    named: toFieldValue(prefix.trim()),
  }));
  return (exchange) => {
    for (let at = 0; at < known.length; at++) {
      const entry = known[at];
      if (entry === undefined || !exchange.path.startsWith(entry.escaped)) continue;
      const rest = exchange.path.slice(entry.escaped.length);
      exchange.path = rest.startsWith('/') ? rest : `/${rest}`;
      // Several stripPrefix of one chain each add theirs.
      exchange.fields.push('X-Forwarded-Prefix', entry.named);
      break;
    }
    return undefined;
  };
}
