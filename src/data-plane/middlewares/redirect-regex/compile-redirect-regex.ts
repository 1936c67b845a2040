// redirectRegex: sends the client where a regexp and its replacement say (Traefik pkg/middlewares/redirect). It sees the
// whole URL. As in Traefik the scheme is that of the connection, whatever X-Forwarded-Proto says.
import type { RedirectRegexOptions } from '../../../model/middlewares/redirect-regex.ts';
import { compileRewriter } from '../compile-rewriter.ts';
import type { HeadMiddleware } from '../exchange.ts';
import { redirectAnswer } from '../redirect-answer.ts';

/** Redirects where the URL matches and is another one after replacing (Traefik v3.7 "RedirectRegex"). */
export function compileRedirectRegex(options: RedirectRegexOptions): HeadMiddleware {
  const rewrite = compileRewriter(options.regex, options.replacement);
  const permanent = options.permanent === true;
  return (exchange) => {
    const asked = `${exchange.isTls ? 'https' : 'http'}://${exchange.host}${exchange.path}${exchange.query}`;
    const location = rewrite(asked);
    if (location === undefined || location === asked) return undefined;
    return redirectAnswer(escapeUrl(location), exchange.method, permanent);
  };
}

/** Only what a URI may hold goes into the field (RFC 3986 §2): a line break in it would begin a field of its own. */
function escapeUrl(url: string): string {
  return url.toWellFormed().replace(/[^\w\-.~:/?#[\]@!$&'()*+,;=%]+/g, encodeURIComponent);
}
