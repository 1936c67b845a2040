// `npm run fuzz -- --runs 10000000 [--seed 1] [--minutes 30]`: long runs of what test/fuzz/parsers.test.ts tries briefly.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seeded } from './choices.ts';
import { subjects } from './subjects.ts';

const usage = `Usage: npm run fuzz -- [--runs N] [--seed N] [--minutes N]

Feeds made-up bytes to the parsers of the wire lane and compares what they read with llhttp. Ends at the first difference.
Without arguments: 1,000,000 runs, another seed each time, an hour at most.
`;

const { runs: wanted, seed, minutes } = readArguments();
const until = performance.now() + minutes * 60_000;
process.stdout.write(`seed ${seed}\n`);
const startedAt = performance.now();
const counts = subjects.map(() => 0);
let runs = 0;
while (runs < wanted && performance.now() < until && process.exitCode === undefined) {
  // A seed of its own for each thousand, so that a failure is found again without all that came before.
  for (const [at, { name, run }] of subjects.entries()) {
    const batch = Math.floor(runs / 1000) * subjects.length + at;
    const choices = seeded(seed + batch);
    for (let once = 0; once < 1000 && runs < wanted; once++, runs++) {
      counts[at] = (counts[at] ?? 0) + 1;
      try {
        run(choices);
      } catch (error) {
        process.stdout.write(`${name}: a difference in run ${once} of seed ${seed + batch}\n`);
        console.error(error);
        process.exitCode = 1;
        break;
      }
    }
    // Sessions put off work to the next turn of the event loop: without one they would all stay.
    await nextTurn();
  }
}
const seconds = (performance.now() - startedAt) / 1000;
const each = subjects.map(({ name }, at) => `${name} ${counts[at]}`).join(', ');
process.stdout.write(
  `${runs} inputs in ${seconds.toFixed(0)} s (${Math.round(runs / seconds)}/s): ${each}\n`,
);

function readArguments(): Record<'runs' | 'seed' | 'minutes', number> {
  try {
    const { values } = parseArgs({
      options: {
        runs: { type: 'string', default: '1000000' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
        minutes: { type: 'string', default: '60' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(usage);
      process.exit();
    }
    const count = (name: 'runs' | 'seed' | 'minutes'): number => {
      if (!/^\d{1,12}$/.test(values[name]))
        throw new Error(`--${name} takes a whole number, not ${values[name]}.`);
      return Number(values[name]);
    };
    return { runs: count('runs'), seed: count('seed'), minutes: count('minutes') };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}
