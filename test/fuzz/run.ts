// `npm run fuzz -- --runs 10000000 [--seed 1] [--minutes 30]`: long runs of what test/fuzz/parsers.test.ts tries briefly.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seeded } from './choices.ts';
import { subjects } from './subjects.ts';

const usage = `Usage: npm run fuzz -- [--runs N] [--seed N] [--minutes N] [--subject NAME …]

Feeds made-up bytes to the parsers of the wire lane and compares what they read with llhttp, and made-up connections to the
HTTP/2 core. Ends at the first difference.
Without arguments: 1,000,000 runs, another seed each time, an hour at most, all subjects:
${subjects.map(({ name }) => `  ${name}\n`).join('')}`;

const { runs: wanted, seed, minutes, chosen } = readArguments();
const until = performance.now() + minutes * 60_000;
process.stdout.write(`seed ${seed}\n`);
const startedAt = performance.now();
const counts = chosen.map(() => 0);
let runs = 0;
while (runs < wanted && performance.now() < until && process.exitCode === undefined) {
  // A seed of its own for each thousand, so that a failure is found again without all that came before.
  for (const [at, { name, run }] of chosen.entries()) {
    const batch = Math.floor(runs / 1000) * chosen.length + at;
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
const each = chosen.map(({ name }, at) => `${name} ${counts[at]}`).join(', ');
process.stdout.write(
  `${runs} inputs in ${seconds.toFixed(0)} s (${Math.round(runs / seconds)}/s): ${each}\n`,
);

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        runs: { type: 'string', default: '1000000' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
        minutes: { type: 'string', default: '60' },
        subject: { type: 'string', multiple: true, default: [] },
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
    for (const wrong of values.subject) {
      if (!subjects.some(({ name }) => name === wrong)) throw new Error(`There is no subject ${wrong}.`);
    }
    const named = subjects.filter(({ name }) => values.subject.includes(name));
    return {
      runs: count('runs'),
      seed: count('seed'),
      minutes: count('minutes'),
      chosen: named.length > 0 ? named : subjects,
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}
