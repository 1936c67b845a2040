// The one rule of who gets requests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HealthVerdict, mayServe, type Replica } from '../../../src/model/replica.ts';

const ready: Replica = {
  id: 'a',
  url: 'http://10.0.0.1:80',
  weight: 1,
  preservePath: false,
  state: 'ready',
  since: 0,
};
const { url: _url, ...withoutAddress } = ready;

const cases: readonly { name: string; replica: Replica; verdict: HealthVerdict; serves: boolean }[] = [
  { name: 'a ready replica without a check', replica: ready, verdict: 'none', serves: true },
  { name: 'one that passes its check', replica: ready, verdict: 'up', serves: true },
  { name: 'one that nobody has looked at yet', replica: ready, verdict: 'unknown', serves: false },
  { name: 'one that fails its check', replica: ready, verdict: 'down', serves: false },
  { name: 'one of weight 0', replica: { ...ready, weight: 0 }, verdict: 'none', serves: false },
  { name: 'one without an address', replica: withoutAddress, verdict: 'none', serves: false },
  ...(['starting', 'unhealthy', 'paused', 'stopping', 'stopped'] as const).map((state) => ({
    name: `one that is ${state}`,
    replica: { ...ready, state },
    verdict: 'up' as const,
    serves: false,
  })),
];

for (const { name, replica, verdict, serves } of cases) {
  test(`${name} ${serves ? 'gets' : 'gets no'} requests`, () =>
    assert.equal(mayServe(replica, verdict), serves));
}
