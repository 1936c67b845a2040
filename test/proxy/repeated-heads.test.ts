// Heads that come again in the same bytes are not read again: nothing of an earlier exchange may be in a later one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayTo } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

const same = 'Host: example.com\r\nX-Own: 1\r\nUser-Agent: test\r\n\r\n';
/** Request lines and fields of one connection, one after the other. */
const requests = [
  `GET /1?a HTTP/1.1\r\n${same}`,
  `GET /2?b HTTP/1.1\r\n${same}`,
  `HEAD /3 HTTP/1.1\r\n${same}`,
  `GET /4 HTTP/1.1\r\n${same.replace('X-Own: 1', 'X-Own: 2')}`,
  `GET /5 HTTP/1.1\r\n${same.replace('X-Own: 1', 'X-Request-Id: given')}`,
  `GET /6 HTTP/1.1\r\n${same.replace('X-Own: 1', 'X-Request-Id: given')}`,
  `GET /7 HTTP/1.1\r\n${same}`,
];

for (const insecure of [false, true]) {
  test(`a client that repeats its fields, trusted: ${insecure}`, async () => {
    await using upstream = await scriptedUpstream(answering(ok('ok', 'X-Answer: 1\r\n')));
    await using gateway = await gatewayTo(upstream.url)
      .entryPoint({
        forwardedHeaders: { insecure, trustedIPs: [], connection: [], notAppendXForwardedFor: false },
      })
      .start();
    using client = await rawClient(gateway.port);
    const trail = 'X-Forwarded-For: 192.0.2.1\r\nUser-Agent:';
    for (const [index, request] of requests.entries()) {
      client.send(request.replace('User-Agent:', trail));
      await until('it has its answer', () => client.received.split('X-Answer: 1').length === index + 2);
    }
    const seen = upstream.received.split('\r\n\r\n').slice(0, -1).map(toFields);
    assert.deepEqual(
      seen.map(({ line }) => line),
      requests.map((request) => request.slice(0, request.indexOf('\r\n'))),
    );
    assert.deepEqual(
      seen.map(({ fields }) => fields.get('x-own')),
      ['1', '1', '1', '2', undefined, undefined, '1'],
    );
    const forwarded = insecure ? '192.0.2.1, 127.0.0.1' : '127.0.0.1';
    assert.ok(seen.every(({ fields }) => fields.get('x-forwarded-for') === forwarded));
    assert.ok(seen.every(({ fields }) => fields.get('host') === 'example.com'));
    const ids = seen.map(({ fields }) => fields.get('x-request-id'));
    assert.deepEqual([ids[4], ids[5]], ['given', 'given']);
    assert.equal(new Set(ids).size, requests.length - 1);
    assert.ok(ids.every(Boolean));
  });
}

function toFields(head: string): { readonly line: string; readonly fields: ReadonlyMap<string, string> } {
  const [line = '', ...lines] = head.split('\r\n');
  const pairs = lines.map((each) => each.split(': ') as [string, string]);
  const fields = new Map(pairs.map(([name, value]) => [name.toLowerCase(), value]));
  assert.equal(fields.size, pairs.length, 'no field comes twice');
  return { line, fields };
}

test('a replica that repeats its head: what middlewares change is changed each time', async () => {
  await using upstream = await scriptedUpstream(answering(ok('ok', 'Date: today\r\nX-Answer: 1\r\n')));
  await using gateway = await gatewayTo(upstream.url)
    .middleware('mark', { kind: 'headers', options: { customResponseHeaders: { 'X-Answer': 'changed' } } })
    .router('marked', { rule: 'PathPrefix(`/marked`)', middlewares: ['mark'] })
    .start();
  using client = await rawClient(gateway.port);
  const paths = ['/plain', '/plain', '/plain', '/marked', '/marked', '/plain'];
  for (const [index, path] of paths.entries()) {
    client.send(`GET ${path} HTTP/1.1\r\n${same}`);
    await until('it has its answer', () => client.received.split('\r\n\r\nok').length === index + 2);
  }
  const answers = client.received.split('\r\n\r\nok').slice(0, -1);
  assert.deepEqual(
    answers.map((answer) => /^X-Answer: (.*)$/m.exec(answer)?.[1]?.trim()),
    ['1', '1', '1', 'changed', 'changed', '1'],
  );
  assert.ok(answers.every((answer) => answer.split('Date: today').length === 2));
});
