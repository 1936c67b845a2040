// Health checks against real servers that do as they are told.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  createHealthChecker,
  type HealthChecker,
} from '../../../../src/control-plane/health/create-health-checker.ts';
import type { ReplicaVerdict } from '../../../../src/model/messages.ts';
import type { HealthVerdict } from '../../../../src/model/replica.ts';
import {
  checkOptions,
  hang,
  pause,
  replica,
  type ScriptedUpstream,
  service,
  servicesOf,
  startUpstream,
  status,
  until,
} from './scripted-upstream.ts';

const tts = 'tts@docker';
const id = 'abc:80';

describe('the health checker', { timeout: 20_000 }, () => {
  let upstream: ScriptedUpstream;
  let checker: HealthChecker;
  let events: ReplicaVerdict[];
  const verdicts = (): HealthVerdict[] => events.map(({ verdict }) => verdict);
  const verdict = () => checker.statusOf(tts, id)?.verdict;

  beforeEach(async () => {
    upstream = await startUpstream();
    events = [];
    checker = createHealthChecker({ onVerdicts: (all) => events.push(...all), log: { info: () => {} } });
  });
  afterEach(async () => {
    checker.close();
    await upstream.close();
  });

  it('holds a new replica back as unknown, probes it at once and admits it at the first success', async () => {
    checker.apply(servicesOf(service([replica(upstream.url)], checkOptions({ interval: 60_000 }))));
    assert.equal(verdict(), 'unknown');
    await until(() => verdict() === 'up');
    assert.deepEqual(events, [
      { service: tts, replica: id, verdict: 'unknown' },
      { service: tts, replica: id, verdict: 'up' },
    ]);
    assert.equal(upstream.requests.length, 1);
  });

  it('asks a replica that is still starting far more often than its interval', async () => {
    upstream.answer = status(503);
    const check = checkOptions({ interval: 60_000, unhealthyInterval: 60_000 });
    checker.apply(servicesOf(service([replica(upstream.url)], check)));
    await until(() => upstream.requests.length >= 3);
    assert.equal(verdict(), 'down');
    upstream.answer = status(200);
    await until(() => verdict() === 'up');
    assert.deepEqual(verdicts(), ['unknown', 'down', 'up']);
  });

  it('goes down with one failure and up with one success, and says since when and why', async () => {
    checker.apply(servicesOf(service([replica(upstream.url)], checkOptions())));
    await until(() => verdict() === 'up');
    const before = Date.now();
    upstream.answer = status(500);
    await until(() => verdict() === 'down');
    const down = checker.statusOf(tts, id);
    assert.equal(down?.lastError, 'It answered 500 where 200–399 is expected.');
    assert.ok(down.since >= before && down.since <= Date.now());
    const asked = upstream.requests.length;
    await until(() => upstream.requests.length > asked + 1);
    assert.equal(checker.statusOf(tts, id)?.since, down.since, 'a further failure is no change');
    upstream.answer = status(200);
    await until(() => verdict() === 'up');
    assert.equal(checker.statusOf(tts, id)?.lastError, undefined);
    assert.deepEqual(verdicts(), ['unknown', 'up', 'down', 'up']);
  });

  it('takes a hanging replica for down after the timeout and goes on asking', async () => {
    upstream.answer = hang;
    checker.apply(servicesOf(service([replica(upstream.url)], checkOptions({ timeout: 50 }))));
    await until(() => verdict() === 'down');
    assert.equal(checker.statusOf(tts, id)?.lastError, 'There was no answer within 50 ms.');
    upstream.answer = status(200);
    await until(() => verdict() === 'up');
  });

  it('says that a port is closed', async () => {
    await upstream.close();
    checker.apply(servicesOf(service([replica(upstream.url)], checkOptions())));
    await until(() => verdict() === 'down');
    assert.equal(checker.statusOf(tts, id)?.lastError, 'The connection was refused.');
  });

  it('never has two probes of one replica under way', async () => {
    upstream.answer = (request, response) => void setTimeout(() => status(200)(request, response), 60);
    const check = checkOptions({ interval: 10, unhealthyInterval: 10 });
    checker.apply(servicesOf(service([replica(upstream.url)], check)));
    for (let n = 2; n < 8; n++) {
      await pause(20);
      checker.apply(servicesOf(service([replica(upstream.url, { since: n })], check)));
    }
    await until(() => upstream.requests.length >= 3 && verdict() === 'up');
    // A probe that was given up may still be open at the server for an instant after its end here.
    assert.ok(upstream.mostAtOnce() <= 2, `${upstream.mostAtOnce()} at once`);
  });

  it('keeps the verdict over a reload that changes neither options nor address', async () => {
    const check = checkOptions({ interval: 60_000 });
    checker.apply(servicesOf(service([replica(upstream.url)], check)));
    await until(() => verdict() === 'up');
    checker.apply(servicesOf(service([replica(upstream.url, { weight: 3 })], { ...check })));
    const other = { ...replica('http://127.0.0.1:1', { id: 'other:1' }) };
    checker.apply(servicesOf(service([replica(upstream.url), other], { ...check })));
    assert.equal(verdict(), 'up');
    assert.equal(upstream.requests.length, 1);
    assert.deepEqual(
      events.filter((event) => event.replica === id).map((event) => event.verdict),
      ['unknown', 'up'],
    );
  });

  it('begins anew when the options or the address change', async () => {
    checker.apply(servicesOf(service([replica(upstream.url)], checkOptions({ interval: 60_000 }))));
    await until(() => verdict() === 'up');
    const changed = checkOptions({ interval: 60_000, path: '/ready' });
    checker.apply(servicesOf(service([replica(upstream.url)], changed)));
    assert.equal(verdict(), 'unknown');
    await until(() => verdict() === 'up');
    assert.equal(upstream.requests.at(-1)?.url, '/ready');
    checker.apply(servicesOf(service([replica('http://127.0.0.1:1')], changed)));
    assert.equal(verdict(), 'unknown');
    await until(() => verdict() === 'down');
  });

  it('does not ask a replica that its provider does not call ready', async () => {
    const check = checkOptions();
    for (const state of ['starting', 'unhealthy', 'paused', 'stopping', 'stopped'] as const) {
      checker.apply(servicesOf(service([replica(upstream.url, { state })], check)));
      await pause(40);
    }
    assert.equal(upstream.requests.length, 0);
    assert.equal(verdict(), 'unknown');
    checker.apply(servicesOf(service([replica(upstream.url)], check)));
    await until(() => verdict() === 'up');
  });

  it('keeps the verdict of a paused replica and asks again as soon as it goes on', async () => {
    const check = checkOptions({ interval: 60_000 });
    checker.apply(servicesOf(service([replica(upstream.url)], check)));
    await until(() => verdict() === 'up');
    checker.apply(servicesOf(service([replica(upstream.url, { state: 'paused', since: 2 })], check)));
    assert.equal(verdict(), 'up');
    checker.apply(servicesOf(service([replica(upstream.url, { since: 3 })], check)));
    await until(() => upstream.requests.length === 2);
    assert.deepEqual(verdicts(), ['unknown', 'up']);
  });

  it('knows nothing of a container that was started again under the same address', async () => {
    const check = checkOptions({ interval: 60_000 });
    checker.apply(servicesOf(service([replica(upstream.url)], check)));
    await until(() => verdict() === 'up');
    upstream.answer = status(503);
    checker.apply(servicesOf(service([replica(upstream.url, { since: 2 })], check)));
    assert.equal(verdict(), 'unknown');
    await until(() => verdict() === 'down');
  });

  it('reports that a check has gone, and asks no more', async () => {
    checker.apply(servicesOf(service([replica(upstream.url)], checkOptions())));
    await until(() => verdict() === 'up');
    checker.apply(servicesOf(service([replica(upstream.url)])));
    assert.equal(checker.statusOf(tts, id), undefined);
    assert.equal(verdicts().at(-1), 'none');
    const asked = upstream.requests.length;
    await pause(80);
    assert.ok(upstream.requests.length <= asked + 1);
  });

  it('follows no replica that has left, nor one without an address', async () => {
    const check = checkOptions();
    checker.apply(servicesOf(service([replica(upstream.url), replica(undefined, { id: 'none' })], check)));
    assert.equal(checker.statusOf(tts, 'none'), undefined);
    await until(() => verdict() === 'up');
    checker.apply(servicesOf(service([], check)));
    assert.equal(verdict(), undefined);
    assert.equal(verdicts().at(-1), 'unknown', 'it must not pass for a replica without a check');
  });

  it('keeps user-chosen names apart from those of JavaScript', async () => {
    const odd = {
      ...service([replica(upstream.url, { id: 'constructor' })], checkOptions()),
      name: '__proto__',
    };
    checker.apply(servicesOf(odd));
    await until(() => checker.statusOf('__proto__', 'constructor')?.verdict === 'up');
    assert.equal(checker.statusOf('toString', 'valueOf'), undefined);
  });
});
