// What is asked of an endpoint, and which answers are taken.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDefaultCertificate } from '../../../../../src/control-plane/certificates/create-default-certificate.ts';
import { type FetchOptions, fetchText } from '../../../../../src/control-plane/providers/http/fetch-text.ts';
import { openConfigEndpoint } from '../../../../support/config-endpoint.ts';

const open = new AbortController().signal;
const ask = (url: string, options: Partial<FetchOptions> = {}, signal = open) =>
  fetchText(new URL(url), { headers: {}, timeoutMs: 30_000, maxBytes: -1, tls: {}, ...options }, signal);

test('fields of its own are sent, Host too', async () => {
  await using endpoint = await openConfigEndpoint((_, response) => void response.end('äö'));
  assert.equal(await ask(endpoint.url, { headers: { 'X-Token': 'secret', host: 'config' } }), 'äö');
  const [request] = endpoint.requests;
  assert.equal(request?.headers['x-token'], 'secret');
  assert.equal(request?.headers.host, 'config');
});

test('anything but 200 is no answer', async () => {
  await using endpoint = await openConfigEndpoint((_, response) => void response.writeHead(204).end());
  await assert.rejects(ask(endpoint.url), { message: 'It answered with status 204.' });
});

test('an answer may be as long as the limit, and no longer', async () => {
  await using endpoint = await openConfigEndpoint((_, response) => void response.end('12345'));
  assert.equal(await ask(endpoint.url, { maxBytes: 5 }), '12345');
  await assert.rejects(ask(endpoint.url, { maxBytes: 4 }), { message: 'Its answer is longer than 4 bytes.' });
});

test('who does not answer in time, or not to the end, is given up', async () => {
  await using endpoint = await openConfigEndpoint(() => {});
  await assert.rejects(ask(endpoint.url, { timeoutMs: 20 }), { message: 'It did not answer within 0.02 s.' });
  endpoint.answer = (_, response) => void response.write('half');
  await assert.rejects(ask(endpoint.url, { timeoutMs: 200 }), { message: 'It did not answer within 0.2 s.' });
});

test('redirects are followed, and credentials stay with the host that they are for', async () => {
  await using target = await openConfigEndpoint((_, response) => void response.end('there'));
  await using endpoint = await openConfigEndpoint((request, response) => {
    const location = request.url === '/' ? '/next' : `${target.url}/end`;
    response.writeHead(302, { location }).end();
  });
  const headers = { authorization: 'secret', 'x-token': 'kept' };
  assert.equal(await ask(endpoint.url, { headers }), 'there');
  assert.deepEqual(
    endpoint.requests.map(({ url, headers }) => [url, headers.authorization]),
    [
      ['/', 'secret'],
      ['/next', 'secret'],
    ],
  );
  const [last] = target.requests;
  assert.deepEqual([last?.headers.authorization, last?.headers['x-token']], [undefined, 'kept']);
  endpoint.answer = (_, response) => void response.writeHead(302, { location: '/' }).end();
  await assert.rejects(ask(endpoint.url), { message: 'It redirects more than 10 times.' });
});

test('a certificate is verified, unless that is switched off', async () => {
  const { certificate, privateKey } = createDefaultCertificate(new Date());
  await using endpoint = await openConfigEndpoint((_, response) => void response.end('safe'), {
    cert: certificate,
    key: privateKey,
  });
  await assert.rejects(ask(endpoint.url), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  assert.equal(await ask(endpoint.url, { tls: { rejectUnauthorized: false } }), 'safe');
});

test('closing ends what is under way', async () => {
  await using endpoint = await openConfigEndpoint(() => closing.abort());
  const closing = new AbortController();
  await assert.rejects(ask(endpoint.url, {}, closing.signal), { name: 'AbortError' });
});
