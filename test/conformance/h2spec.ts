// h2spec over TLS: what RFC 7540 and RFC 7541 ask of a server, frame by frame.
import { createServer } from 'node:http';
import { buildGo, runProgram } from './programs.ts';
import { listen, serveReplica } from './serve-replica.ts';
import type { Outcome } from './suite.ts';

/** The last version that is a Go module on its own name. */
const version = 'v2.2.1+incompatible';

/** What a server does with a stream that its client has ended, it can only show before it has answered. */
const answerAfterMs = 50;

/** In front of a replica that greets. */
export async function run(): Promise<Outcome> {
  const program = buildGo('github.com/summerwind/h2spec/cmd/h2spec', version, 'h2spec');
  await using replica = await listen(
    createServer((_request, response) => void setTimeout(() => response.end('hello'), answerAfterMs)),
  );
  await using served = await serveReplica(replica.port);
  const args = ['--host', '127.0.0.1', '--port', String(served.port), '--tls', '--insecure'];
  const { stdout } = await runProgram(program, args);
  const [, tests = 0, passed = 0] = /^(\d+) tests, (\d+) passed/m.exec(stdout) ?? [];
  const failures = stdout.slice(stdout.indexOf('\nFailures:')).matchAll(/^ *× \d+: (.+)$/gm);
  return {
    passed: Number(passed),
    tests: Number(tests),
    failures: [...failures].map(([, name = '']) => ({ name, isKnown: false })),
  };
}
