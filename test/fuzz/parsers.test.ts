// A short run of what `npm run fuzz` does for long: what the lanes read by themselves is what llhttp reads, or was meant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { listed, seeded } from './choices.ts';
import { subjects } from './subjects.ts';

const runsEach = 5_000;
const fixedSeeds = [1, 2026];

for (const { name, isSlow = false, run } of subjects) {
  const share = isSlow ? 10 : 1;
  test(`${name}: read in one way, with fixed seeds and a new one`, (context) => {
    const seed = Math.floor(Math.random() * 1_000_000_000);
    context.diagnostic(`new seed: ${seed}`);
    for (const each of [...fixedSeeds, seed]) {
      const choices = seeded(each);
      for (let once = 0; once < runsEach / share; once++) {
        assert.doesNotThrow(() => run(choices), `run ${once} of seed ${each}`);
      }
    }
  });

  test(`${name}: the smallest input that is read in two ways, if there is one`, () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 0xffff }), { maxLength: 60 }), (numbers) => run(listed(numbers))),
      { numRuns: 3_000 / share },
    );
  });
}
