// Autobahn's client for WebSocket servers (RFC 6455), through the gateway's tunnel, to the echo server of the same suite.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { installPython2, runProgram } from './programs.ts';
import { type Listening, serveReplica } from './serve-replica.ts';
import type { Outcome } from './suite.ts';

/** The last version whose package is complete, with what it was published for. */
const packages = ['autobahntestsuite==0.8.2', 'Twisted==20.3.0', 'autobahn==0.10.9'];

/** Chapter 9 measures speed and 12 and 13 compression, of both ends alone: neither is the gateway's. */
const excluded = ['9.*', '12.*', '13.*'];

/** Verdicts that are no failure: `INFORMATIONAL` cases have no right answer. */
const fine = ['OK', 'NON-STRICT', 'INFORMATIONAL'];

type Index = Readonly<Record<string, Readonly<Record<string, { behavior: string; behaviorClose: string }>>>>;

/** A case fails when it does so through the gateway and not without it. */
export async function run(): Promise<Outcome> {
  const { interpreter, folder } = installPython2(packages);
  const home = mkdtempSync(join(tmpdir(), 'berth-conformance-'));
  // The folder is no environment of Python's: its .pth files, which make zope a package, are read this way only.
  const program = `import site; site.addsitedir('${folder}'); from autobahntestsuite.wstest import run; run()`;
  const wstest = (args: readonly string[]) => ['-W', 'ignore', '-c', program, ...args];
  try {
    await using echo = await startEcho(interpreter, wstest);
    await using served = await serveReplica(echo.port, {
      // The echo server refuses every port in Host but its own.
      'traefik.http.services.replica.loadbalancer.passHostHeader': 'false',
    });
    const spec = join(home, 'spec.json');
    const server = (agent: string, port: number) => ({ agent, url: `ws://127.0.0.1:${port}` });
    writeFileSync(
      spec,
      JSON.stringify({
        outdir: join(home, 'reports'),
        servers: [server('echo', echo.port), server('gateway', served.port)],
        ...{ cases: ['*'], 'exclude-cases': excluded, 'exclude-agent-cases': {} },
      }),
    );
    await runProgram(interpreter, wstest(['-m', 'fuzzingclient', '-s', spec]), home);
    return judge(JSON.parse(readFileSync(join(home, 'reports/index.json'), 'utf8')) as Index);
  } finally {
    rmSync(home, { recursive: true });
  }
}

function judge({ gateway = {}, echo = {} }: Index): Outcome {
  const failures = Object.entries(gateway)
    .filter(([, { behavior, behaviorClose }]) => !fine.includes(behavior) || !fine.includes(behaviorClose))
    .map(([id, { behavior, behaviorClose }]) => ({
      name: `${id}: ${behavior}, close ${behaviorClose}`,
      isKnown: echo[id]?.behavior === behavior && echo[id]?.behaviorClose === behaviorClose,
    }));
  const tests = Object.keys(gateway).length;
  return { passed: tests - failures.length, tests, failures };
}

async function startEcho(
  interpreter: string,
  wstest: (args: readonly string[]) => readonly string[],
): Promise<Listening> {
  const port = await freePort();
  const child = spawn(interpreter, wstest(['-m', 'echoserver', '-w', `ws://127.0.0.1:${port}`]), {
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  await until('the echo server listens', () => isListening(port));
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
