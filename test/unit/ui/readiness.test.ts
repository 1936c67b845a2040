// What the dashboard concludes from replicas: readiness, whether a router works, what needs attention.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReplicaView } from '../../../src/model/view.ts';
import { makeDiagnostic, makeReplica, makeRouter } from '../../../ui/dev/recorded.ts';
import { attentionOf } from '../../../ui/src/logic/attention.ts';
import {
  conditionOf,
  describeNotReady,
  groupByService,
  qualify,
  readinessOf,
  replicaName,
} from '../../../ui/src/logic/readiness.ts';
import { verdictOf } from '../../../ui/src/logic/router-verdict.ts';

const ready = makeReplica('tts', 'a', { inFlight: 2, requests: 10, failures: 1 });
const starting = makeReplica('tts', 'b', { state: 'starting', health: 'unknown', ready: false });
const failing = makeReplica('tts', 'c', { health: 'down', ready: false, reason: 'It times out.' });
const stopping = makeReplica('tts', 'd', { state: 'stopping', ready: false });

describe('readiness', () => {
  it('adds up replicas', () => {
    const sums = { total: 2, ready: 1, inFlight: 2, requests: 10, failures: 1 };
    assert.deepEqual(readinessOf([ready, starting]), sums);
  });

  it("takes the provider's word before the health check's", () => {
    const cases: readonly (readonly [Partial<ReplicaView>, string])[] = [
      [{ ready: true, health: 'up' }, 'ready'],
      [{ ready: false, state: 'paused', health: 'down' }, 'paused'],
      [{ ready: false, state: 'ready', health: 'unknown' }, 'checking'],
      [{ ready: false, state: 'ready', health: 'down' }, 'failing check'],
    ];
    for (const [overrides, condition] of cases) {
      assert.equal(conditionOf(makeReplica('x', 'y', overrides)), condition);
    }
  });

  it('counts what the others are doing', () => {
    assert.equal(describeNotReady([ready, starting, starting, failing]), '2 starting, 1 failing check');
    assert.equal(describeNotReady([ready]), '');
  });

  it('groups by service, whatever the service is called', () => {
    const odd = makeReplica('__proto__', 'z');
    const groups = groupByService([ready, odd, starting]);
    assert.deepEqual([...groups.keys()], ['tts@docker', '__proto__@docker']);
    assert.deepEqual(groups.get('tts@docker'), [ready, starting]);
  });

  it('names a replica by its container, else by its address', () => {
    const { container: _, ...file } = ready;
    assert.equal(replicaName(ready), 'a');
    assert.equal(replicaName(file), ready.url);
  });

  it('completes names by their provider only where it is missing', () => {
    assert.equal(qualify('tts', 'docker'), 'tts@docker');
    assert.equal(qualify('tts@file', 'docker'), 'tts@file');
  });
});

describe('verdictOf', () => {
  const router = makeRouter('web', { service: 'tts' });
  const cases = [
    { name: 'works when all are ready', router, replicas: [ready], level: 'ok', text: /Working/ },
    {
      name: 'warns when some are not',
      router,
      replicas: [ready, starting],
      level: 'warning',
      text: /1 of 2/,
    },
    {
      name: 'fails when none is',
      router,
      replicas: [starting],
      level: 'error',
      text: /No replica ready: 1 star/,
    },
    { name: 'fails when there is none', router, replicas: [], level: 'error', text: /has no replica/ },
    {
      name: 'fails with its reason when it is disabled, although replicas are ready',
      router: { ...router, status: 'disabled', error: ['Because.'] } as const,
      replicas: [ready],
      level: 'error',
      text: /^Because\.$/,
    },
    {
      name: 'warns with the diagnostic of an enabled router',
      router: { ...router, status: 'warning', diagnostics: [makeDiagnostic({ message: 'Odd.' })] } as const,
      replicas: [ready],
      level: 'warning',
      text: /^Odd\.$/,
    },
  ];
  for (const { name, router: tested, replicas, level, text } of cases) {
    it(name, () => {
      const verdict = verdictOf(tested, groupByService(replicas));
      assert.equal(verdict.level, level);
      assert.match(verdict.text, text);
    });
  }

  it('does not blame replicas that are not known yet', () => {
    assert.equal(verdictOf(router, undefined).level, 'ok');
  });
});

describe('attentionOf', () => {
  const since = '2026-01-01T00:00:00.000Z';
  const attention = (replicas: readonly ReplicaView[]) =>
    attentionOf({ providers: [], diagnostics: [], replicas: groupByService(replicas) });

  it('is empty when all is well', () => {
    assert.deepEqual(attention([ready]), []);
  });

  it('puts errors before warnings and leaves notes out', () => {
    const items = attentionOf({
      providers: [{ provider: 'docker', state: 'down', message: 'Refused.', since }],
      replicas: groupByService([ready, starting]),
      diagnostics: [
        makeDiagnostic({ severity: 'info' }),
        makeDiagnostic({ severity: 'warning' }),
        makeDiagnostic({ severity: 'error' }),
      ],
    });
    assert.deepEqual(
      items.map(({ key, level }) => `${level} ${key}`),
      ['error provider docker', 'error diagnostic 2', 'warning service tts@docker', 'warning diagnostic 1'],
    );
  });

  it('tells what fails before what only starts', () => {
    const [item] = attention([ready, starting, failing]);
    assert.match(item?.detail ?? '', /^c: It times out\. b: /);
  });

  it('does not complain of a replica that leaves on purpose, unless it was the last', () => {
    assert.deepEqual(attention([ready, stopping]), []);
    assert.equal(attention([stopping])[0]?.level, 'error');
  });
});
