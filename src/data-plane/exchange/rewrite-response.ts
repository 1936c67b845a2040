// The middlewares' part in a response's head, whoever made it.
import type { Fields } from '../../lib/header-fields.ts';
import type { Exchange, ResponseRewrite } from '../middlewares/exchange.ts';

/**
 * The last middleware of the chain comes first, so that the outermost has the last word. `from` and `to` are places in the
 * chain's list of rewrites: all of them unless said otherwise.
 */
export function rewriteResponse(
  exchange: Exchange,
  fields: Fields,
  from = 0,
  to = exchange.responseRewrites.length,
): void {
  const rewrites = exchange.responseRewrites;
  for (let at = to - 1; at >= from; at--) (rewrites[at] as ResponseRewrite)(exchange, { fields });
}

/** For a head that has come through the stages: what stands behind the first of them has had its turn there. */
export function rewriteOutside(exchange: Exchange, fields: Fields): void {
  rewriteResponse(exchange, fields, 0, exchange.stages?.[0]?.rewritesBefore);
}
