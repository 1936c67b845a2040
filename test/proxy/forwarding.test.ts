// What reaches the upstream of an ordinary request, and what comes back.
import assert from 'node:assert/strict';
import { METHODS } from 'node:http';
import { after, before, test } from 'node:test';
import { gateway, type TestGateway } from '../support/gateway.ts';
import { rawClient, rawRequest } from '../support/raw-client.ts';
import { answering, ok, type ScriptedUpstream, scriptedUpstream } from '../support/scripted-upstream.ts';

let upstream: ScriptedUpstream;
let web: TestGateway;

before(async () => {
  upstream = await scriptedUpstream(
    answering((head) => {
      if (head.startsWith('GET /missing')) return 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n';
      if (head.startsWith('GET /nothing')) return 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n';
      if (head.startsWith('GET /cookies')) return ok('', 'Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n');
      if (head.startsWith('GET /cached'))
        return 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 99\r\n\r\n';
      if (head.startsWith('HEAD ')) return 'HTTP/1.1 200 OK\r\nContent-Length: 4711\r\n\r\n';
      return ok('hello', 'X-From: upstream\r\nx-BINARY: caf\xe9\r\n');
    }),
  );
  web = await gateway()
    .service('s', [upstream.url])
    .service('own-host', [upstream.url], { passHostHeader: false })
    .service('with-path', [{ url: `${upstream.url}/base`, preservePath: true }])
    .router('r')
    .router('own-host', { rule: 'PathPrefix(`/own-host`)', service: 'own-host' })
    .router('with-path', { rule: 'PathPrefix(`/with-path`)', service: 'with-path' })
    .start();
});
after(async () => {
  await web?.close();
  await upstream?.close();
});

const ask = (line: string, fields = '') =>
  rawRequest(web.port, `${line} HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n${fields}\r\n`);

/** Head of the last request that reached the upstream. */
const lastHead = () => upstream.received.split('\r\n\r\n').at(-2) ?? '';

test('a request goes to the replica and its answer comes back', async () => {
  const answer = await ask('GET /a/b?c=d', 'X-Own: 1\r\n');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('x-from'), 'upstream');
  assert.equal(answer.headers.get('content-length'), '5');
  assert.equal(answer.rest, 'hello');
  assert.match(lastHead(), /^GET \/a\/b\?c=d HTTP\/1\.1\r\nhost: example\.com\r\n/);
  assert.match(lastHead(), /\r\nX-Own: 1(\r\n|$)/);
});

test('bytes of fields and queries are passed on as they are', async () => {
  const answer = await ask('GET /x?q=%zz&"<>|', 'X-Name: caf\xe9\r\n');
  assert.equal(answer.headers.get('x-binary'), 'caf\xe9');
  assert.match(lastHead(), /^GET \/x\?q=%zz&"<>\| HTTP/);
  assert.match(lastHead(), /X-Name: caf\xe9/);
});

test('a path goes up in its normalised form', async () => {
  await ask('GET /a//b/./c/../%7euser?x=../y');
  assert.match(lastHead(), /^GET \/a\/b\/~user\?x=\.\.\/y HTTP/);
});

test('every method that HTTP servers know is forwarded', async () => {
  const refused = new Set(['CONNECT', 'TRACE']);
  for (const method of METHODS.filter((name) => !refused.has(name))) {
    const answer = await ask(`${method} /m`);
    assert.equal(answer.status, 200, method);
    assert.ok(lastHead().startsWith(`${method} /m HTTP/1.1`), method);
  }
});

test('statuses without a body stay without one', async () => {
  assert.equal((await ask('GET /missing')).status, 404);
  const nothing = await ask('GET /nothing');
  assert.equal(nothing.status, 204);
  assert.equal(nothing.headers.get('content-length'), undefined);
  const cached = await ask('GET /cached');
  assert.deepEqual([cached.status, cached.headers.get('etag'), cached.rest], [304, '"x"', '']);
  const head = await ask('HEAD /x');
  assert.deepEqual([head.status, head.headers.get('content-length'), head.rest], [200, '4711', '']);
});

test('repeated fields stay apart', async () => {
  const answer = await ask('GET /cookies', 'Cookie: a=1\r\nX-Many: 1\r\nX-Many: 2\r\n');
  assert.equal(answer.headers.get('set-cookie'), 'a=1, b=2');
  assert.match(lastHead(), /X-Many: 1\r\nX-Many: 2/);
});

test('passHostHeader=false sends the address of the replica as Host', async () => {
  await ask('GET /own-host');
  assert.match(lastHead(), new RegExp(`host: 127\\.0\\.0\\.1:${upstream.port}\r\n`));
  assert.match(lastHead(), /X-Forwarded-Host: example\.com/);
});

test('preservePath puts the path of the URL in front', async () => {
  await ask('GET /with-path/x?y');
  assert.match(lastHead(), /^GET \/base\/with-path\/x\?y HTTP/);
});

test('a connection serves many requests, pipelined ones in their order', async () => {
  using client = await rawClient(web.port);
  client.send(
    'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /missing HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n',
  );
  await client.sees(/200 OK[\s\S]*404 Not Found[\s\S]*200 OK[\s\S]*hello/);
});

test('an HTTP/1.0 client without Host is served, and its connection closes', async () => {
  const answer = await rawRequest(web.port, 'GET /old HTTP/1.0\r\n\r\n');
  assert.equal(answer.status, 200);
  assert.equal(answer.rest, 'hello');
  assert.match(lastHead(), new RegExp(`^GET /old HTTP/1\\.1\r\nhost: 127\\.0\\.0\\.1:${upstream.port}\r\n`));
});

test('connections to a replica are used again', async () => {
  const before = upstream.connections.length;
  for (let at = 0; at < 5; at++) assert.equal((await ask(`GET /again/${at}`)).status, 200);
  assert.ok(upstream.connections.length <= before + 1, 'five requests need no more than one new connection');
});

test('odd Content-Type and Accept-Version fields do not stop a request', async () => {
  const answer = await rawRequest(
    web.port,
    'POST /odd HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: ;;;\r\nAccept-Version: 9\r\nContent-Length: 2\r\n\r\nhi',
  );
  assert.equal(answer.status, 200);
});
