// Stages as members of a router's chain: middlewares that need bodies, or stand around the whole exchange. How to write one
// stands in docs/architecture.md, "Stages".
import type { Exchange, HeadMiddleware, MetStage, Stage } from './exchange.ts';

/** A stage as a member of a router's chain. */
export type StageMiddleware = HeadMiddleware & { readonly isStage: true };

/** Lets a stage take its place in a chain: nothing happens there but that it is noted. */
export function toMiddleware(stage: Stage): StageMiddleware {
  return stageWhere((exchange) => {
    meetStage(exchange, stage);
    return undefined;
  });
}

/** A head middleware that sends some requests through a stage, by `meetStage`. */
export function stageWhere(middleware: HeadMiddleware): StageMiddleware {
  return Object.assign(middleware, { isStage: true } as const);
}

/** The request is carried out through this stage, with all that follows in its chain. */
export function meetStage(exchange: Exchange, stage: Stage): void {
  const met: MetStage = { stage, rewritesBefore: exchange.responseRewrites.length };
  if (exchange.stages === undefined) exchange.stages = [met];
  else exchange.stages.push(met);
}

/** Whether routers with this middleware need lanes that run stages. */
export function isStage(middleware: HeadMiddleware): boolean {
  return 'isStage' in middleware;
}
