// Stages as members of a router's chain: middlewares that need bodies, or stand around the whole exchange. How to write one
// stands in docs/architecture.md, "Stages".
import type { HeadMiddleware, MetStage, Stage } from './exchange.ts';

/** A stage as a member of a router's chain. */
export type StageMiddleware = HeadMiddleware & { readonly isStage: true };

/** Lets a stage take its place in a chain: nothing happens there but that it is noted. */
export function toMiddleware(stage: Stage): StageMiddleware {
  const meet: HeadMiddleware = (exchange) => {
    const met: MetStage = { stage, rewritesBefore: exchange.responseRewrites.length };
    if (exchange.stages === undefined) exchange.stages = [met];
    else exchange.stages.push(met);
    return undefined;
  };
  return Object.assign(meet, { isStage: true } as const);
}

/** Whether routers with this middleware need lanes that run stages. */
export function isStage(middleware: HeadMiddleware): boolean {
  return 'isStage' in middleware;
}
