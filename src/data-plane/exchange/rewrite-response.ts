// The middlewares' part in a response's head, whoever made it.
import type { Fields } from '../../lib/header-fields.ts';
import type { Exchange, ResponseRewrite } from '../middlewares/exchange.ts';

/** The last middleware of the chain comes first, so that the outermost has the last word. */
export function rewriteResponse(exchange: Exchange, fields: Fields): void {
  const rewrites = exchange.responseRewrites;
  for (let at = rewrites.length - 1; at >= 0; at--) (rewrites[at] as ResponseRewrite)(exchange, { fields });
}
