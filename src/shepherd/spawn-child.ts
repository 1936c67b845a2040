// Starts the processes of the shepherd with Node's own child_process.
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Child } from './create-shepherd.ts';
import type { ToShepherd } from './protocol.ts';

/** `gc` is there, for collectAtRest. */
const memoryFlags = ['--expose-gc'];

/** Runs a module in this very Node with this command line, standard input and outputs; `fds` become 4, 5 and so on. */
export function spawnChild(module: string, fds: readonly number[] = []): Child {
  const [, , ...flags] = process.argv;
  const child = spawn(process.execPath, [...memoryFlags, ...process.execArgv, module, ...flags], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc', ...fds],
    // Signals of a terminal or a control group must reach it once, through the first process.
    detached: true,
  });
  return {
    send: (message) => {
      // A process that has just ended hears nothing more.
      if (child.connected) child.send(message, () => {});
    },
    onMessage: (listener) => void child.on('message', (message) => listener(message as ToShepherd)),
    exited: statusOf(child),
    kill: (signal) => void child.kill(signal),
  };
}

function statusOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`Berth cannot start a process: ${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}
