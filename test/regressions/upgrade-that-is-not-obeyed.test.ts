// Node drops what comes in one packet behind a request for an upgrade that nobody obeys, and reads on with the next one:
// when the head of a second request was dropped, its body was read as a third (request smuggling).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayTo } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: evil\r\n\r\n';
const second = `POST /second HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\n\r\n`;

for (const [name, first] of Object.entries({
  'to another version of HTTP':
    'GET /first HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
  'with a body':
    'POST /first HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nhi',
})) {
  test(`an upgrade ${name}: answered, and nothing behind it is read as a request`, async () => {
    await using upstream = await scriptedUpstream(answering(ok('answered')));
    await using web = await gatewayTo(upstream.url).start();
    using client = await rawClient(web.port);
    client.send(first + second);
    await client.sees('answered');
    client.send(smuggled);
    const received = await client.ended();
    assert.match(received, /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\nConnection: close\r\n/i);
    await web.close();
    assert.doesNotMatch(upstream.received, /smuggled/);
  });
}
