// How the two commands talk to people: steps, what is about to be installed, and failures with the way out.
import { spawn, spawnSync } from 'node:child_process';

/** One line of progress. */
export const say = (text) => process.stderr.write(`${text}\n`);

/** Ends the program with what to do. */
export class Stop extends Error {}

/** Prints a `Stop` plainly, everything else with its stack, and ends with status 1. */
export function failWith(error) {
  say(error instanceof Stop ? `\n${error.message}` : (error?.stack ?? String(error)));
  process.exit(1);
}

/** Runs a command with its output shown; throws Stop when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2], ...options });
  if (error !== undefined) throw new Stop(`${command} cannot be run: ${error.message}`);
  if (status !== 0) throw new Stop(`This failed with status ${status}: ${[command, ...args].join(' ')}`);
}

/** Runs a command quietly and gives its output, or undefined when it fails or takes longer than `timeout` ms. */
export function capture(command, args, { timeout = 60_000, ...options } = {}) {
  const { status, stdout } = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    timeout,
    ...options,
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** Runs a command without blocking and gives its exit status; its output is shown. */
export function runAsync(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
    child.once('error', reject);
    child.once('exit', (status) => resolve(status ?? 1));
  });
}
