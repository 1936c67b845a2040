// Sticky sessions on the wire: a client stays with its replica for as long as that is ready.
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import type { StickyCookie } from '../../src/model/sticky-cookie.ts';
import { type GatewayDraft, gateway } from '../support/gateway.ts';
import { http2Client } from '../support/http2-client.ts';
import { rawRequest } from '../support/raw-client.ts';
import { answering, ok, type ScriptedUpstream, scriptedUpstream } from '../support/scripted-upstream.ts';

const cookie: StickyCookie = {
  name: 'stay',
  secure: false,
  httpOnly: true,
  maxAge: 0,
  path: '/',
  domain: '',
};

const named = ({ url }: ScriptedUpstream) => `stay=${hash('sha256', url).slice(0, 16)}`;

/** Two replicas that answer with their names, and set a cookie of their own. */
async function twoReplicas() {
  const one = await scriptedUpstream(answering(ok('one', 'Set-Cookie: own=1\r\n')));
  const two = await scriptedUpstream(answering(ok('two', 'Set-Cookie: own=2\r\n')));
  return { one, two };
}

function sticky(...replicas: readonly (ScriptedUpstream | { readonly url: string })[]): GatewayDraft {
  return gateway()
    .service(
      's',
      replicas.map(({ url }) => url),
      { stickyCookie: cookie },
    )
    .router('r');
}

async function ask(port: number, cookies: string) {
  const { status, headers, rest } = await rawRequest(
    port,
    `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${cookies}\r\nConnection: close\r\n\r\n`,
  );
  return { status, body: rest, setCookie: headers.get('set-cookie') };
}

test('a client gets a cookie and stays with its replica, whose own cookies pass', async () => {
  const { one, two } = await twoReplicas();
  const served = await sticky(one, two).start();
  const first = await ask(served.port, 'a=b');
  const own = first.body === 'one' ? one : two;
  assert.equal(first.setCookie, `own=${own === one ? 1 : 2}, ${named(own)}; Path=/; HttpOnly`);
  for (let at = 0; at < 4; at++) {
    const again = await ask(served.port, `a=b; ${named(own)}`);
    assert.equal(again.body, first.body);
    assert.equal(again.setCookie, `own=${own === one ? 1 : 2}`, 'no second cookie');
  }
  const received = own.received;
  assert.match(received, new RegExp(`^cookie: a=b; ${named(own)}\\r$`, 'im'), 'the replica sees the cookie');
  await served.close();
  await Promise.all([one.close(), two.close()]);
});

test('a client whose replica is not ready, or gone, gets another one and its cookie', async () => {
  const { one, two } = await twoReplicas();
  const served = await sticky(one, two).start();
  served.apply(
    gateway()
      .service('s', [{ url: one.url, state: 'unhealthy' }, { url: two.url }], { stickyCookie: cookie })
      .router('r'),
  );
  const moved = await ask(served.port, named(one));
  assert.equal(moved.body, 'two');
  assert.equal(moved.setCookie, `own=2, ${named(two)}; Path=/; HttpOnly`);
  served.apply(sticky(one));
  assert.equal((await ask(served.port, named(two))).setCookie, `own=1, ${named(one)}; Path=/; HttpOnly`);
  // One that is ready again takes its old clients back.
  served.apply(sticky(one, two));
  assert.deepEqual(await ask(served.port, named(two)), { status: 200, body: 'two', setCookie: 'own=2' });
  await served.close();
  await Promise.all([one.close(), two.close()]);
});

test('a client whose replica refuses connections is answered by another one, which the cookie names', async () => {
  const { one, two } = await twoReplicas();
  await one.close();
  const served = await sticky(one, two).start();
  const moved = await ask(served.port, named(one));
  assert.deepEqual(moved, {
    status: 200,
    body: 'two',
    setCookie: `own=2, ${named(two)}; Path=/; HttpOnly`,
  });
  await served.close();
  await two.close();
});

test('the cookie works over HTTP/2, also where a client sends its cookies one by one', async () => {
  const { one, two } = await twoReplicas();
  const served = await sticky(one, two).start();
  await using client = await http2Client(`http://127.0.0.1:${served.port}`);
  for (let at = 0; at < 3; at++) {
    const answer = await client.request('/', { fields: { cookie: ['a=b', named(two)] } });
    assert.equal(answer.body, 'two');
  }
  await client.close();
  await served.close();
  await Promise.all([one.close(), two.close()]);
});
