import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashToUnit } from '../../../../src/rules/balancing/fnv1a.ts';
import { pickHighestRandomWeight } from '../../../../src/rules/balancing/highest-random-weight.ts';
import { pickLeastTime } from '../../../../src/rules/balancing/least-time.ts';
import { pickPowerOfTwo } from '../../../../src/rules/balancing/power-of-two.ts';
import { pickWeightedRoundRobin } from '../../../../src/rules/balancing/weighted-round-robin.ts';
import { candidate, countPicks, pseudoRandom } from '../../../contract/balancer-contract.ts';

const sequence = (weights: Readonly<Record<string, number>>, picks: number): string => {
  const list = Object.entries(weights).map(([id, weight]) => candidate(id, { weight }));
  const group = { clock: 0 };
  return Array.from({ length: picks }, () => pickWeightedRoundRobin(list, group)?.id).join('');
};

test('round robin takes equals in their order, again and again', () => {
  assert.equal(sequence({ a: 1, b: 1, c: 1 }, 9), 'abcabcabc');
});

test('round robin spreads the turns of heavy ones evenly', () => {
  const order = sequence({ a: 4, b: 2, c: 1 }, 70);
  assert.equal(order.match(/a/g)?.length, 40);
  assert.equal(order.match(/b/g)?.length, 20);
  assert.equal(order.match(/c/g)?.length, 10);
  assert.doesNotMatch(order, /bb|cc|aaaa/);
});

test('round robin gives a newcomer its share, not everything that it missed', () => {
  const [a, b] = [candidate('a'), candidate('b')];
  const group = { clock: 0 };
  for (let at = 0; at < 1_000; at++) pickWeightedRoundRobin([a], group);
  const order = Array.from({ length: 8 }, () => pickWeightedRoundRobin([a, b], group)?.id).join('');
  assert.equal(order.match(/b/g)?.length, 4);
});

test('the power of two takes the less busy one of two different candidates', () => {
  const list = [candidate('busy', { inFlight: 9 }), candidate('idle')];
  for (const random of [() => 0, () => 0.5, () => 0.999]) {
    assert.equal(pickPowerOfTwo(list, { clock: 0 }, { clientAddress: '', random })?.id, 'idle');
  }
});

test('the power of two never takes the busiest of three', () => {
  const list = [candidate('a', { inFlight: 1 }), candidate('b', { inFlight: 50 }), candidate('c')];
  assert.equal(countPicks(pickPowerOfTwo, list, 500).get('b'), 0);
});

test('highest random weight keeps a client on its server, and moves only those of a server that is gone', () => {
  const list = ['a', 'b', 'c', 'd'].map((id) => candidate(`${id}-container:7860`));
  const pickFor = (clientAddress: string, from = list) =>
    pickHighestRandomWeight(from, { clock: 0 }, { clientAddress, random: pseudoRandom() })?.id;
  const without = list.slice(1);
  for (let at = 0; at < 200; at++) {
    const address = `10.0.${at % 3}.${at}`;
    const before = pickFor(address);
    assert.equal(pickFor(address), before);
    if (before !== list[0]?.id) assert.equal(pickFor(address, without), before);
  }
});

test('highest random weight shifts the odds by weight', () => {
  const counts = countPicks(
    pickHighestRandomWeight,
    [candidate('a-heavy:80', { weight: 3 }), candidate('b-light:80')],
    4_000,
  );
  const heavy = counts.get('a-heavy:80') ?? 0;
  assert.ok(heavy > 2_700 && heavy < 3_300, `${heavy} of 4000`);
});

test('the hash is FNV-1a of 64 bits', () => {
  // Test vectors of the FNV draft (draft-eastlake-fnv, appendix C).
  assert.equal(hashToUnit('', ''), Number(0xcbf29ce484222325n) / 2 ** 64);
  assert.equal(hashToUnit('a', ''), Number(0xaf63dc4c8601ec8cn) / 2 ** 64);
  assert.equal(hashToUnit('foo', 'bar'), Number(0x85944171f73967e8n) / 2 ** 64);
});

test('least time takes the quickest for its load and weight', () => {
  const pick = (...list: ReturnType<typeof candidate>[]) => pickLeastTime(list, { clock: 0 })?.id;
  assert.equal(pick(candidate('a', { firstByteMs: 50 }), candidate('b', { firstByteMs: 20 })), 'b');
  assert.equal(
    pick(candidate('a', { firstByteMs: 50 }), candidate('b', { firstByteMs: 20, inFlight: 2 })),
    'a',
  );
  assert.equal(
    pick(candidate('a', { firstByteMs: 50, weight: 5 }), candidate('b', { firstByteMs: 20 })),
    'a',
  );
});

test('least time tries a server that it knows nothing of, and takes equals in turn', () => {
  const list = [candidate('a'), candidate('b'), candidate('c')];
  const group = { clock: 0 };
  assert.equal(Array.from({ length: 6 }, () => pickLeastTime(list, group)?.id).join(''), 'abcabc');
  const known = candidate('known', { firstByteMs: 5 });
  assert.equal(pickLeastTime([known, candidate('new')], { clock: 0 })?.id, 'new');
});
