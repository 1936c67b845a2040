// Services over services on the wire: shares, stickiness, failover, and what a reload keeps.
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Composite, Member } from '../../src/model/dynamic-config.ts';
import type { ReplicaState } from '../../src/model/replica.ts';
import { type GatewayDraft, gateway } from '../support/gateway.ts';
import { rawRequest } from '../support/raw-client.ts';
import { answering, ok, type ScriptedUpstream, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

let a: ScriptedUpstream;
let b: ScriptedUpstream;

before(async () => {
  a = await scriptedUpstream(answering(ok('a')));
  b = await scriptedUpstream(answering(ok('b')));
});
after(async () => {
  await a.close();
  await b.close();
});

const member = (name: string, weight = 1): Member => ({ name, written: name, weight });
const weighted = (members: readonly Member[], more: Partial<Composite> = {}): Composite =>
  ({ kind: 'weighted', members, followsHealth: false, depth: 1, ...more }) as Composite;
const failover = (more: Partial<Composite> = {}): Composite =>
  ({
    kind: 'failover',
    members: [member('a'), member('b')],
    followsHealth: false,
    depth: 1,
    ...more,
  }) as Composite;

/** The services a and b with a replica each, and the service s over them for everything. */
function over(composite: Composite, states: { a?: ReplicaState; b?: ReplicaState } = {}): GatewayDraft {
  return gateway()
    .service('a', [{ url: a.url, state: states.a ?? 'ready' }])
    .service('b', [{ url: b.url, state: states.b ?? 'ready' }])
    .composite('s', composite)
    .router('r', { service: 's' });
}

async function ask(port: number, fields = '') {
  const { status, headers, rest } = await rawRequest(
    port,
    `GET / HTTP/1.1\r\nHost: a\r\n${fields}Connection: close\r\n\r\n`,
  );
  return { status, body: rest, setCookie: headers.get('set-cookie') };
}

async function bodies(port: number, count: number): Promise<string> {
  let all = '';
  for (let at = 0; at < count; at++) all += (await ask(port)).body;
  return all;
}

test('requests are spread by weight, and a reload elsewhere does not begin anew', async () => {
  const draft = () => over(weighted([member('a', 3), member('b')]));
  const served = await draft().start();
  assert.equal(await bodies(served.port, 2), 'aa');
  served.apply(draft().service('other', ['http://127.0.0.1:1']));
  assert.equal(await bodies(served.port, 6), 'abaaab');
  await until('they are counted at the services that have replicas', () => {
    return served.load('a', 'a-0')?.requests === 6 && served.load('b', 'b-0')?.requests === 2;
  });
  await served.close();
});

test('a member without weight gets nothing, and a change of weights counts at once', async () => {
  const served = await over(weighted([member('a', 0), member('b')])).start();
  assert.equal(await bodies(served.port, 4), 'bbbb');
  served.apply(over(weighted([member('a'), member('b', 0)])));
  assert.equal(await bodies(served.port, 4), 'aaaa');
  served.apply(over(weighted([member('a', 0), member('b', 0)])));
  assert.equal((await ask(served.port)).status, 503);
  await served.close();
});

test('a member that is down gets its share, unless the service follows the health of its members', async () => {
  const members = [member('a'), member('b')];
  const served = await over(weighted(members), { a: 'unhealthy' }).start();
  const statuses = [await ask(served.port), await ask(served.port)].map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, 503]);
  served.apply(over(weighted(members, { followsHealth: true }), { a: 'unhealthy' }));
  assert.equal(await bodies(served.port, 4), 'bbbb');
  served.apply(over(weighted(members, { followsHealth: true }), { a: 'unhealthy', b: 'paused' }));
  const none = await ask(served.port);
  assert.equal(none.status, 503);
  await served.close();
});

test('a cookie keeps a client on a member while that is up', async () => {
  const stickyCookie = { name: 'v', secure: false, httpOnly: false, maxAge: 0, path: '/', domain: '' };
  const sticky = () => weighted([member('a'), member('b')], { followsHealth: true, stickyCookie });
  const named = (name: string) => `v=${hash('sha256', name).slice(0, 16)}`;
  const served = await over(sticky()).start();
  assert.deepEqual(await ask(served.port), { status: 200, body: 'a', setCookie: `${named('a')}; Path=/` });
  for (let at = 0; at < 3; at++) {
    const again = await ask(served.port, `Cookie: ${named('b')}\r\n`);
    assert.deepEqual(again, { status: 200, body: 'b', setCookie: undefined });
  }
  served.apply(over(sticky(), { b: 'unhealthy' }));
  const moved = await ask(served.port, `Cookie: ${named('b')}\r\n`);
  assert.deepEqual(moved, { status: 200, body: 'a', setCookie: `${named('a')}; Path=/` });
  await served.close();
});

test('a client stays with the member that its address ranks highest', async () => {
  const hrw: Composite = {
    kind: 'highestRandomWeight',
    members: [member('a'), member('b')],
    followsHealth: true,
    depth: 1,
  };
  const served = await over(hrw).start();
  const first = await bodies(served.port, 1);
  assert.equal(await bodies(served.port, 5), first.repeat(5));
  served.apply(over(hrw, { [first]: 'unhealthy' }));
  assert.equal(await bodies(served.port, 2), first === 'a' ? 'bb' : 'aa');
  await served.close();
});

test('the fallback answers while the service is down, and no longer', async () => {
  const served = await over(failover()).start();
  assert.equal(await bodies(served.port, 2), 'aa');
  served.apply(over(failover(), { a: 'starting' }));
  assert.equal(await bodies(served.port, 2), 'bb');
  served.apply(over(failover()));
  assert.equal(await bodies(served.port, 2), 'aa');
  for (const followsHealth of [false, true]) {
    served.apply(over(failover({ followsHealth }), { a: 'unhealthy', b: 'unhealthy' }));
    assert.equal((await ask(served.port)).status, 503);
  }
  await served.close();
});

test('the state of services reaches those above them through all that are between', async () => {
  const tree = (states: { a?: ReplicaState } = {}) =>
    over(failover(), states)
      .composite('inner', weighted([member('a', 2)], { followsHealth: true }))
      .composite('s', failover({ members: [member('inner'), member('b')], depth: 2 }));
  const served = await tree().start();
  assert.equal(await bodies(served.port, 2), 'aa');
  served.apply(tree({ a: 'unhealthy' }));
  assert.equal(await bodies(served.port, 2), 'bb');
  await served.close();
});

test('a service that becomes one over services, and one with replicas again, serves all the while', async () => {
  const plain = () => gateway().service('s', [b.url]).router('r', { service: 's' });
  const served = await plain().start();
  assert.equal(await bodies(served.port, 1), 'b');
  served.apply(over(weighted([member('a')])));
  assert.equal(await bodies(served.port, 2), 'aa');
  served.apply(plain());
  assert.equal(await bodies(served.port, 1), 'b');
  await served.close();
});
