// A client could send `X_WebAuth_User` beside the `X-WebAuth-User` that basicAuth sets: CGI, WSGI and PHP programs read
// both as one name, so that it could pass for another user. The same with every field that `headers` sets or removes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateway } from '../support/gateway.ts';
import { rawRequest } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';

/** bob:secret */
const users = ['bob:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ='];

test('a field that a middleware sets or removes arrives under no other spelling', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  await using web = await gateway()
    .service('s', [upstream.url])
    .middleware('auth', { kind: 'basicAuth', options: { users, headerField: 'X-WebAuth-User' } })
    .middleware('own', {
      kind: 'headers',
      options: { customRequestHeaders: { 'X-Tenant-Id': 'a', 'X-Debug-Mode': '' } },
    })
    .router('r', { middlewares: ['auth', 'own'] })
    .start();
  const { status } = await rawRequest(
    web.port,
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n' +
      `Authorization: Basic ${Buffer.from('bob:secret').toString('base64')}\r\n` +
      'X_WebAuth_User: evil\r\nX-WebAuth_User: evil\r\nX_Tenant_Id: evil\r\nx_debug-mode: evil\r\nX_Kept: yes\r\n\r\n',
  );
  assert.equal(status, 200);
  assert.doesNotMatch(upstream.received, /evil/);
  assert.match(upstream.received, /X-WebAuth-User: bob\r\n/);
  assert.match(upstream.received, /X-Tenant-Id: a\r\n/);
  assert.match(upstream.received, /X_Kept: yes\r\n/);
});
