// The environment in which the gateway's processes take the least memory. Two of its variables are read before any code
// runs, so that the first process starts over with them; those that it starts inherit them.
import { join } from 'node:path';

/** Of the project. */
const cacheFolder = join(import.meta.dirname, '../../node_modules/.cache/berth');

/** The environment of a process that is not lean yet; undefined for one that is, or whose user has chosen otherwise. */
export function leanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv | undefined {
  if (environment.NODE_COMPILE_CACHE !== undefined) return undefined;
  return {
    // By default glibc keeps free memory apart for each of Node's threads.
    MALLOC_ARENA_MAX: '2',
    ...environment,
    // Compiled code of earlier starts. Without it each isolate holds on to what takes the types off: 13 MB.
    NODE_COMPILE_CACHE: cacheFolder,
  };
}

/** Runs this process anew (execve(2): id, open streams and parent stay), `module` first, unless it is lean already. */
export function becomeLean(module: string, environment: NodeJS.ProcessEnv): void {
  const lean = leanEnvironment(environment);
  if (lean === undefined) return;
  const [, , ...flags] = process.argv;
  try {
    process.execve?.(process.execPath, [process.execPath, ...process.execArgv, module, ...flags], lean);
  } catch {
    // It serves all the same, in more memory.
  }
}
