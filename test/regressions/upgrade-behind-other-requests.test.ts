// An upgrade or CONNECT behind a request that was refused as ambiguous: Node had given the socket to the response of the
// request between them, and assigning it again threw outside any exchange, which ended the whole worker.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayTo } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';

const refused = 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n';
const plain = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const detached = [
  'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
  'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n',
];

for (const last of detached) {
  for (const before of [refused, refused + plain, plain + refused, plain + plain]) {
    test(`${JSON.stringify(before + last)} costs only its own connection`, async () => {
      await using upstream = await scriptedUpstream(answering(ok()));
      await using web = await gatewayTo(upstream.url).start();
      using client = await rawClient(web.port);
      client.send(before + last);
      await client.ended();
      // And with the rest at every moment around the first answer's end, which closes the connection.
      for (let waits = 0; waits < 60; waits++) {
        using late = await rawClient(web.port);
        late.send(before);
        for (let turn = 0; turn < waits; turn++) await new Promise(setImmediate);
        late.send(plain + last);
        await late.ended();
      }
      using other = await rawClient(web.port);
      other.send(plain);
      await other.sees('200 OK');
      assert.ok(!other.isClosed);
    });
  }
}
