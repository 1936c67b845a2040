// HTTP/2 over TLS, as browsers speak it: agreed by ALPN, then the same lane as without TLS.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateway } from '../support/gateway.ts';
import { http2Client } from '../support/http2-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

for (const lanes of ['all', 'fastify'] as const) {
  test(`h2 is agreed on and served, as https (lanes: ${lanes})`, async () => {
    const large = 'x'.repeat(300_000);
    await using upstream = await scriptedUpstream(answering(ok(large)));
    await using web = await gateway()
      .service('s', [upstream.url])
      .router('r', { tls: {} })
      .lanes(lanes)
      .start();
    await using client = await http2Client(`https://127.0.0.1:${web.port}`, {
      rejectUnauthorized: false,
      servername: 'a.test',
    });
    assert.equal(client.session.alpnProtocol, 'h2');
    const answers = await Promise.all([client.request('/a'), client.request('/b', { body: 'hello' })]);
    for (const { status, body } of answers) assert.deepEqual([status, body.length], [200, large.length]);
    assert.match(upstream.received, /\r\nX-Forwarded-Proto: https\r\n/);
    assert.match(upstream.received, /\r\n5\r\nhello\r\n0\r\n\r\n/);
  });
}

test('a client that leaves, and the end of the gateway, end the connection beneath too', async () => {
  await using upstream = await scriptedUpstream();
  const web = await gateway().service('s', [upstream.url]).router('r', { tls: {} }).start();
  const options = { rejectUnauthorized: false, servername: 'a.test' };
  const leaver = await http2Client(`https://127.0.0.1:${web.port}`, options);
  const gone = leaver.request('/gone');
  await (await upstream.connection(0)).sees('/gone');
  await leaver.close();
  await gone;
  await (await upstream.connection(0)).closed();
  await using client = await http2Client(`https://127.0.0.1:${web.port}`, options);
  const answer = client.request('/begun');
  const replica = await upstream.connection(1);
  await replica.sees('/begun');
  const closed = web.close();
  await until('the client is told', () => client.session.closed);
  replica.send(ok('done'));
  assert.equal((await answer).body, 'done');
  await closed;
});
