// Paths that servers read differently: whether the entry point and the router let this one pass, as decide judges it.
import type { DynamicConfig, Router } from '../../model/dynamic-config.ts';
import { middlewaresOn } from '../../model/middleware-chain.ts';
import { isPathAllowed } from '../routing/path-permission.ts';
import type { AskedEntryPoint } from './entry-points.ts';
import { type Refusal, refuse } from './refuse.ts';
import type { Arrival } from './try-routers.ts';

/** Undefined where the path may pass. */
export function refusedOddity(
  { oddities }: Arrival,
  { name, encodedCharacters = {} }: AskedEntryPoint,
  router: Router | undefined,
  config: DynamicConfig,
): Refusal | undefined {
  const ofRouter = router === undefined ? [] : middlewaresOn(router, name, config);
  const permissions = ofRouter.flatMap((middleware) => {
    const known = config.middlewares.get(middleware);
    return known?.kind === 'encodedCharacters' && known.status !== 'disabled' ? [known.options] : [];
  });
  const refused = oddities.filter((one) => !isPathAllowed([one], encodedCharacters, permissions));
  if (refused.length === 0) return undefined;
  return refuse(
    400,
    `The path has a spelling that servers read differently (${refused.join(', ')}), which leads around rules.`,
    'Let the client send a plain path, or allow it by the middleware encodedCharacters.',
  );
}
