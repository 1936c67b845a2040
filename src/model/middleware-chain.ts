// Which middlewares a request meets: those of the router on its entry point, then those of its service, chains taken apart.
import type { DynamicConfig, Router } from './dynamic-config.ts';

type Tables = Pick<DynamicConfig, 'middlewares' | 'services'>;

/** Qualified names, in the order in which they run. */
export function middlewaresOn(router: Router, entryPoint: string, config: Tables): readonly string[] {
  const own = router.middlewaresByEntryPoint?.[entryPoint] ?? router.middlewares;
  return withoutChains([...own, ...(config.services.get(router.service)?.middlewares ?? [])], config);
}

/** The names with each chain replaced by what it stands for; resolve has made that a plain list. */
export function withoutChains(
  names: readonly string[],
  { middlewares }: Pick<Tables, 'middlewares'>,
): readonly string[] {
  return names.flatMap((name) => {
    const middleware = middlewares.get(name);
    return middleware?.kind === 'chain' && middleware.status !== 'disabled'
      ? middleware.options.middlewares
      : [name];
  });
}
