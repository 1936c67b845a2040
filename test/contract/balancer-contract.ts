// What every balancer keeps to, whatever its strategy. Implementations only call it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candidate, Picker } from '../../src/rules/balancing/candidate.ts';

export type TestCandidate = Candidate & { inFlight: number; firstByteMs: number };

/** A candidate that nothing is known of. */
export function candidate(id: string, more: Partial<TestCandidate> = {}): TestCandidate {
  return { id, weight: 1, inFlight: 0, firstByteMs: 0, turn: -1, ...more };
}

/** A sequence of numbers from 0 to 1 that looks random and is the same each time (mulberry32). */
export function pseudoRandom(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How often each candidate is picked by as many clients. */
export function countPicks(
  pick: Picker,
  candidates: readonly Candidate[],
  picks: number,
): Map<string, number> {
  const counts = new Map(candidates.map(({ id }) => [id, 0]));
  const group = { clock: 0 };
  const random = pseudoRandom();
  for (let at = 0; at < picks; at++) {
    const clientAddress = `10.${at % 7}.${at % 251}.${(at * 13) % 241}`;
    const id = pick(candidates, group, { clientAddress, random })?.id ?? '';
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** Registers the tests of one picker. */
export function balancerContract(name: string, pick: Picker): void {
  const context = { clientAddress: '192.0.2.1', random: pseudoRandom() };

  test(`${name}: picks nothing of nothing`, () => {
    assert.equal(pick([], { clock: 0 }, context), undefined);
  });

  test(`${name}: picks the only one`, () => {
    const only = candidate('only');
    for (let at = 0; at < 5; at++) assert.equal(pick([only], { clock: 0 }, context), only);
  });

  test(`${name}: spreads the requests of many clients over all`, () => {
    const counts = countPicks(
      pick,
      ['a', 'b', 'c', 'd'].map((id) => candidate(`${id}0123456789a:8000`)),
      4_000,
    );
    for (const [id, count] of counts) assert.ok(count > 600 && count < 1_400, `${id}: ${count} of 4000`);
  });

  test(`${name}: goes on with the others when one is gone, and takes it back`, () => {
    const all = ['a', 'b', 'c'].map((id) => candidate(id));
    const group = { clock: 0 };
    for (let at = 0; at < 300; at++) {
      const present = at < 100 || at >= 200 ? all : all.slice(1);
      const clientAddress = `10.0.0.${at}`;
      const picked = pick(present, group, { ...context, clientAddress });
      assert.ok(picked !== undefined && present.includes(picked));
    }
    const counts = new Map<string, number>();
    for (let at = 0; at < 300; at++) {
      const id = pick(all, group, { ...context, clientAddress: `10.1.0.${at}` })?.id ?? '';
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    for (const { id } of all) assert.ok((counts.get(id) ?? 0) > 50, `${id}: ${counts.get(id)} of 300`);
  });

  test(`${name}: changes nothing of a candidate but its turn`, () => {
    const list = Object.freeze([candidate('a'), candidate('b')]);
    const before = list.map(({ turn: _turn, ...rest }) => rest);
    for (let at = 0; at < 10; at++) pick(list, { clock: 0 }, context);
    assert.deepEqual(
      list.map(({ turn: _turn, ...rest }) => rest),
      before,
    );
  });
}
