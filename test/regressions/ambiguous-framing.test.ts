// Node's parser takes any list of transfer codings that ends in `chunked`, in HTTP/1.0 too, and versions 0.9 and 2.0 in a
// request line. Such requests were forwarded, and what followed them was served as a request of its own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gatewayTo, type TestGateway } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, type ScriptedUpstream, scriptedUpstream } from '../support/scripted-upstream.ts';

let upstream: ScriptedUpstream;
let web: TestGateway;
before(async () => {
  upstream = await scriptedUpstream(answering(ok()));
  web = await gatewayTo(upstream.url).start();
});
after(async () => {
  await web?.close();
  await upstream?.close();
});

const rest = '0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: evil\r\n\r\n';

const heads = [
  ...['identity, chunked', ',chunked', 'cow, chunked', 'gzip, chunked', 'trailers, chunked'].map(
    (codings) => `POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ${codings}\r\n\r\n`,
  ),
  'POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n',
  'POST /p HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n',
  'POST /p HTTP/2.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n',
  'GET /p HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
];

for (const head of heads) {
  test(`refused, and nothing behind it is served: ${JSON.stringify(head)}`, async () => {
    using client = await rawClient(web.port);
    client.send(head + rest);
    const received = await client.ended();
    assert.match(received, /^HTTP\/1\.1 400 [\s\S]*Connection: close/);
    assert.equal(received.match(/HTTP\/1\.1/g)?.length, 1);
    assert.equal(upstream.received, '');
  });
}

test('chunked alone is an ordinary body, whatever its spelling', async () => {
  using client = await rawClient(web.port);
  client.send('POST /plain HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:  Chunked \r\n\r\n0\r\n\r\n');
  await client.sees('200 OK');
});

test('names that CGI programs read as the length of the body do not go upstream', async () => {
  using client = await rawClient(web.port);
  client.send('GET /alias HTTP/1.1\r\nHost: a\r\nContent_Length: 9\r\nTransfer_Encoding: chunked\r\n\r\n');
  await client.sees('200 OK');
  assert.doesNotMatch(upstream.received, /content_length|transfer_encoding/i);
});
