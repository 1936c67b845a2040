// Replicas that are left out because of their answers to real requests, on the wire.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PassiveHealthCheck } from '../../src/model/dynamic-config.ts';
import { type GatewayDraft, gateway } from '../support/gateway.ts';
import { rawRequest } from '../support/raw-client.ts';
import { answering, ok, type ScriptedUpstream, scriptedUpstream } from '../support/scripted-upstream.ts';

const failing = 'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 3\r\n\r\nbad';
/** Longer than any test: whoever is out stays out. */
const long = 600_000;
const after = (maxFailedAttempts: number, outForMs = long): PassiveHealthCheck => ({
  maxFailedAttempts,
  failureWindowMs: long,
  outForMs,
});

function draft(
  passiveHealthCheck: PassiveHealthCheck,
  ...replicas: readonly ScriptedUpstream[]
): GatewayDraft {
  return gateway()
    .service(
      's',
      replicas.map(({ url }) => url),
      { passiveHealthCheck },
    )
    .router('r');
}

async function statuses(port: number, count: number): Promise<string> {
  const all: number[] = [];
  for (let at = 0; at < count; at++) {
    const { status } = await rawRequest(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    all.push(status);
  }
  return all.join(' ');
}

test('a replica that answers with 5xx too often in a row is left out, also after a reload elsewhere', async () => {
  await using bad = await scriptedUpstream(answering(failing));
  await using good = await scriptedUpstream(answering(ok()));
  const served = await draft(after(2), bad, good).start();
  assert.equal(await statuses(served.port, 8), '500 200 500 200 200 200 200 200');
  served.apply(draft(after(2), bad, good).service('other', []));
  assert.equal(await statuses(served.port, 4), '200 200 200 200');
  // Other options begin anew.
  served.apply(draft(after(1), bad, good));
  assert.match(await statuses(served.port, 4), /500/);
  await served.close();
});

test('one that closes instead of answering counts as well, and is back after its time', async () => {
  let isWell = false;
  await using shaky = await scriptedUpstream((connection) => {
    connection.socket.on('data', () => {
      if (isWell) connection.send(ok('back'));
      else connection.socket.destroy();
    });
  });
  await using good = await scriptedUpstream(answering(ok('good')));
  const served = await draft(after(1, 50), shaky, good).start();
  assert.equal(await statuses(served.port, 4), '200 200 200 200', 'another replica answers at once');
  isWell = true;
  const heads = () => shaky.received.split('GET / ').length - 1;
  const before = heads();
  while (heads() === before) assert.equal(await statuses(served.port, 1), '200');
  await served.close();
});

test('when all replicas fail, all of them go on to get requests', async () => {
  await using one = await scriptedUpstream(answering(failing));
  await using two = await scriptedUpstream(answering(failing));
  const served = await draft(after(1), one, two).start();
  assert.equal(await statuses(served.port, 6), '500 500 500 500 500 500');
  const heads = ({ received }: ScriptedUpstream) => received.split('GET / ').length - 1;
  assert.ok(heads(one) > 1 && heads(two) > 1, 'both are asked');
  await served.close();
});

test('a fallback answers for a service whose replicas all fail', async () => {
  await using bad = await scriptedUpstream(answering(failing));
  await using good = await scriptedUpstream(answering(ok()));
  const member = (name: string) => ({ name, written: name, weight: 1 });
  const served = await draft(after(1), bad)
    .service('spare', [good.url])
    .composite('f', {
      kind: 'failover',
      members: [member('s'), member('spare')],
      followsHealth: false,
      depth: 1,
    })
    .router('r', { service: 'f' })
    .start();
  assert.equal(await statuses(served.port, 3), '500 200 200');
  await served.close();
});
