// The memory in which all workers keep the limits of middlewares. It lives as long as the process, so limits know nothing of
// reloads and of workers that die.
import { randomUUID } from 'node:crypto';
import { createSharedTable } from '../lib/shared-table.ts';
import type { SharedLimits } from '../model/messages.ts';

/** As many sources as Traefik keeps for each limiter: 1 MiB, and 256 KiB for each worker, of which only used pages count. */
const sources = 65_536;

/** Limits of nobody yet. */
export function createSharedLimits(workers: number): SharedLimits {
  return { table: createSharedTable(workers, sources), secret: randomUUID() };
}
