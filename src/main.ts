// Composition root of the first process, which outlives every upgrade: it reads no option itself and serves nothing.
// Whatever it starts runs the code that stands on the disk by then. No logic.
import { join } from 'node:path';
import { becomeLean } from './shepherd/become-lean.ts';
import { createShepherd } from './shepherd/create-shepherd.ts';
import { createSocketBook } from './shepherd/socket-book.ts';
import { spawnChild } from './shepherd/spawn-child.ts';

/** A gateway with thousands of containers and slow health checks comes up in a fraction of it. */
const readyLimitMs = 60_000;

becomeLean(import.meta.filename, process.env);

const shepherd = createShepherd({
  readCommandLine: () => spawnChild(join(import.meta.dirname, 'command.ts')),
  startGeneration: (fds) => spawnChild(join(import.meta.dirname, 'gateway.ts'), fds),
  sockets: createSocketBook(),
  exit: (status) => process.exit(status),
  readyLimitMs,
});
process.on('SIGHUP', () => shepherd.upgrade());
process.on('SIGTERM', () => shepherd.end('SIGTERM'));
process.on('SIGINT', () => shepherd.end('SIGINT'));
