// What reaches the upstream of an ordinary request, and what comes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayTo } from '../support/gateway.ts';
import { rawRequest } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';

test('a request goes to the replica and its answer comes back', async () => {
  const upstream = await scriptedUpstream(answering(ok('hello', 'X-From: upstream\r\n')));
  await using gateway = await gatewayTo(upstream.url).start();
  const answer = await rawRequest(
    gateway.port,
    'GET /a/b?c=d HTTP/1.1\r\nHost: example.com\r\nX-Own: 1\r\nConnection: close\r\n\r\n',
  );
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('x-from'), 'upstream');
  assert.equal(answer.headers.get('content-length'), '5');
  assert.equal(answer.rest, 'hello');
  assert.match(upstream.received, /^GET \/a\/b\?c=d HTTP\/1\.1\r\nhost: example\.com\r\n/);
  assert.match(upstream.received, /\r\nX-Own: 1\r\n/);
  await upstream.close();
});
