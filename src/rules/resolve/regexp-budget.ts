// What the regexps of one container's routers cost to compile, all together: whoever can start a container must not be
// able to hold a worker, which compiles them between two requests.

/** Routers by the container that declares them. */
export type RegexpBudget = {
  /** Adds a router, or replaces the one of its name. `work`: what its regexps cost, in units of about 10 ns. */
  put(router: string, container: string | undefined, work: number): void;
  remove(router: string): void;
  /** Judges what has changed, and gives the routers for which `exceeds` is another answer than before. */
  settle(): ReadonlySet<string>;
  /** Whether the router is one too many for its container. The order of events plays no part in it. */
  exceeds(router: string): boolean;
};

/** Some 40 ms. A container may have hundreds of routers with ordinary regexps, which cost 3,000 to 20,000 each. */
const maxWorkOfContainer = 3_000_000;

/** Without routers. `undefined` as a container is the operator's own word, and has no limit. */
export function createRegexpBudget(): RegexpBudget {
  const containers = new Map<string, Map<string, number>>();
  const containerOf = new Map<string, string>();
  const changed = new Set<string>();
  const excess = new Set<string>();

  const remove = (router: string): void => {
    const container = containerOf.get(router);
    if (container === undefined) return;
    containerOf.delete(router);
    excess.delete(router);
    containers.get(container)?.delete(router);
    changed.add(container);
  };

  return {
    put(router, container, work) {
      remove(router);
      if (container === undefined || work === 0) return;
      const routers = containers.get(container) ?? new Map<string, number>();
      containers.set(container, routers.set(router, work));
      containerOf.set(router, container);
      changed.add(container);
    },
    remove,
    settle() {
      const turned = new Set<string>();
      for (const container of changed) {
        const routers = containers.get(container) ?? new Map<string, number>();
        if (routers.size === 0) containers.delete(container);
        let work = 0;
        // In the order of their names, as long as there is room.
        for (const router of [...routers.keys()].sort()) {
          work += routers.get(router) ?? 0;
          const isTooMuch = work > maxWorkOfContainer;
          if (isTooMuch === excess.has(router)) continue;
          turned.add(router);
          if (isTooMuch) excess.add(router);
          else excess.delete(router);
        }
      }
      changed.clear();
      return turned;
    },
    exceeds: (router) => excess.has(router),
  };
}
