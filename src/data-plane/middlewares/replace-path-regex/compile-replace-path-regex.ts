// replacePathRegex: parts of the path, as it is sent, replaced (Traefik pkg/middlewares/replacepathregex). That the outcome
// is a sanitised path is checked for all middlewares in decide.
import type { ReplacePathRegexOptions } from '../../../model/middlewares/replace-path-regex.ts';
import { compileRewriter } from '../compile-rewriter.ts';
import { escapePath } from '../escape-path.ts';
import type { HeadMiddleware } from '../exchange.ts';

/** Replaces what matches in the path (Traefik v3.7 "ReplacePathRegex"). The query stays. */
export function compileReplacePathRegex(options: ReplacePathRegexOptions): HeadMiddleware {
  // Traefik trims both.
  const rewrite = compileRewriter(options.regex.trim(), (options.replacement ?? '').trim(), escapePath);
  return (exchange) => {
    const replaced = rewrite(exchange.path);
    if (replaced === undefined) return undefined;
    exchange.fields.push('X-Replaced-Path', exchange.path);
    exchange.path = replaced.startsWith('/') ? replaced : `/${replaced}`;
    return undefined;
  };
}
