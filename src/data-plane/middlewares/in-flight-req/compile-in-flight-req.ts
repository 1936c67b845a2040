// inFlightReq: limits requests under way (Traefik pkg/middlewares/inflightreq). There is no queue: one too many gets 429.
import type { InFlightReqOptions } from '../../../model/middlewares/in-flight-req.ts';
import type { Limits } from '../../live-state/limits.ts';
import { type HeadMiddleware, whenOver } from '../exchange.ts';
import { compileSourceOf } from '../source-of.ts';

/** Limits requests under way of one source, over all workers (Traefik v3.7 "InFlightReq"). `limit` names the count. */
export function compileInFlightReq(
  { amount = 0, sourceCriterion }: InFlightReqOptions,
  { limits }: { readonly limits: Limits },
  limit: string,
): HeadMiddleware {
  const sourceOf = compileSourceOf(sourceCriterion, 'host');
  return (exchange) => {
    const leave = limits.enter(limit, sourceOf(exchange), amount);
    if (leave === undefined) {
      return {
        status: 429,
        fields: ['Content-Type', 'text/plain; charset=utf-8'],
        body: `max connections reached: ${amount}`,
      };
    }
    whenOver(exchange, leave);
    return undefined;
  };
}
