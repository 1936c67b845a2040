// Processes of a benchmark: pinned to cores, read from /proc (Linux only), and ended without a trace.
import { type ChildProcess, execFile, execFileSync, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** Gateways run here. */
export const gatewayCore = '0';
/** The load, the upstreams and the suite itself run here. */
export const loadCore = '1';

/** Length of a clock tick of /proc/PID/stat; USER_HZ is 100 on every Linux that Node runs on. */
const tickMicros = 10_000;

/** Pins this process with all its threads, and so whatever it starts without a core of its own. */
export function pinSuite(): void {
  execFileSync('taskset', ['-acp', loadCore, String(process.pid)], { stdio: 'ignore' });
}

export type Started = { readonly pid: number; close(): Promise<void> };

export type StartOptions = {
  readonly cores: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Where standard output goes; discarded if absent. */
  readonly outputFile?: string;
};

/** Starts a program on given cores, which ends at the latest with this process. What it writes on standard error is shown. */
export function startPinned(program: string, args: readonly string[], options: StartOptions): Started {
  const { cores, env = {}, cwd, outputFile } = options;
  const output = outputFile === undefined ? 'ignore' : openSync(outputFile, 'a');
  const stdio: StdioOptions = ['ignore', output, 'inherit'];
  // Whatever becomes of the suite, what it has started ends with it.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', 'taskset', '-c', cores, program, ...args], {
    stdio,
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { pid: child.pid ?? 0, close: () => end(child) };
}

/** How long a process has after SIGTERM. */
const patienceMs = 3_000;

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const descendants = treeOf(child.pid ?? 0).filter((pid) => pid !== child.pid);
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await exited;
  clearTimeout(impatience);
  for (const pid of descendants) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended with its parent.
    }
  }
}

/** Runs a load to its end and gives its output. @throws when it fails, or hangs well beyond its time. */
export async function runLoad(program: string, args: readonly string[], seconds: number): Promise<string> {
  const limits = { maxBuffer: 1e8, timeout: (seconds + graceSeconds) * 1_000 };
  const { stdout } = await promisify(execFile)(program, args, limits);
  return stdout;
}

const graceSeconds = 15;

type Stat = { readonly parent: number; readonly ticks: number };

/** The process and its descendants. */
export function treeOf(root: number): readonly number[] {
  const stats = new Map<number, Stat>();
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? readStat(`/proc/${entry}/stat`) : undefined;
    if (stat !== undefined) stats.set(Number(entry), stat);
  }
  const tree = stats.has(root) ? [root] : [];
  for (const parent of tree) {
    for (const [pid, stat] of stats) if (stat.parent === parent) tree.push(pid);
  }
  return tree;
}

/** CPU time of a process tree so far in microseconds: user and system, all threads, ended children included. */
export function cpuMicros(root: number): number {
  return treeOf(root).reduce((sum, pid) => sum + (readStat(`/proc/${pid}/stat`)?.ticks ?? 0) * tickMicros, 0);
}

/** CPU time of the whole machine so far in microseconds: user, nice and system of proc_stat(5), without interrupts. */
export function machineMicros(): number {
  const [, user = '0', nice = '0', system = '0'] = readText('/proc/stat').split(/\s+/);
  return (Number(user) + Number(nice) + Number(system)) * tickMicros;
}

/** Resident memory of a process tree in bytes; pages that its processes share count once for each. */
export function residentBytes(root: number): number {
  return treeOf(root).reduce((sum, pid) => {
    const [, kibibytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`)) ?? [];
    return sum + Number(kibibytes) * 1_024;
  }, 0);
}

/** Memory of a process tree in bytes, where pages that processes share are divided among them. */
export function proportionalBytes(root: number): number {
  return treeOf(root).reduce((sum, pid) => {
    const [, kibibytes = '0'] = /^Pss:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/smaps_rollup`)) ?? [];
    return sum + Number(kibibytes) * 1_024;
  }, 0);
}

/** CPU time in microseconds of each thread of a process tree, by `pid/tid name`. */
export function threadMicros(root: number): ReadonlyMap<string, number> {
  const threads = new Map<string, number>();
  for (const pid of treeOf(root)) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const stat = readText(`/proc/${pid}/task/${thread}/stat`);
      const [, name = ''] = /\((.*)\)/.exec(stat) ?? [];
      threads.set(`${pid}/${thread} ${name}`, (parseStat(stat)?.ticks ?? 0) * tickMicros);
    }
  }
  return threads;
}

function readStat(path: string): Stat | undefined {
  return parseStat(readText(path));
}

/** Fields of proc_pid_stat(5); the name in parentheses may hold anything, so fields count from its end. */
function parseStat(text: string): Stat | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 16) return undefined;
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
  return {
    parent: Number(fields[1]),
    ticks: (utime ?? 0) + (stime ?? 0) + (cutime ?? 0) + (cstime ?? 0),
  };
}

/** Empty when the process has just ended. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
