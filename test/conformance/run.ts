// `npm run conform -- [h2spec] [grpc] [autobahn]`: suites that others wrote, against the gateway from source; all of them
// without a name. They are fetched once, by Go and by pip of Python 2.7. Fails when a suite finds what is not known.
import * as autobahn from './autobahn.ts';
import * as grpc from './grpc.ts';
import * as h2spec from './h2spec.ts';
import { Lacking } from './programs.ts';
import type { Suite } from './suite.ts';

const suites: Readonly<Record<string, Suite>> = { h2spec, grpc, autobahn };

const asked = process.argv.slice(2).filter((word) => word !== '--help' && word !== '-h');
const unknown = asked.filter((name) => suites[name] === undefined);
if (asked.length < process.argv.length - 2) {
  process.stdout.write(`Usage: npm run conform -- [${Object.keys(suites).join('] [')}]\n`);
} else if (unknown.length > 0) {
  process.stdout.write(
    `There is no suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}.\n`,
  );
  process.exitCode = 1;
} else {
  for (const [name, suite] of Object.entries(suites)) {
    if (asked.length === 0 || asked.includes(name)) await report(name, suite);
  }
}

async function report(name: string, suite: Suite): Promise<void> {
  try {
    const { passed, tests, failures } = await suite.run();
    process.stdout.write(`${name}: ${passed} of ${tests}\n`);
    for (const { isKnown, name: what } of failures) {
      process.stdout.write(`  ${isKnown ? 'known' : 'FAILED'}: ${what}\n`);
    }
    if (tests === 0 || failures.some(({ isKnown }) => !isKnown)) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof Lacking)) throw error;
    process.stdout.write(`${name}: not run, for ${error.message}\n`);
    process.exitCode = 1;
  }
}
