// WebSocket over HTTP/2 (RFC 8441): the client's extended CONNECT becomes the upgrade that a replica knows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptFor } from '../../src/data-plane/lanes/http2/web-socket-key.ts';
import { gatewayTo } from '../support/gateway.ts';
import { answerOn, http2Client } from '../support/http2-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

const connect = {
  ':method': 'CONNECT',
  ':protocol': 'websocket',
  ':path': '/chat?a=b',
  'sec-websocket-version': '13',
  'sec-websocket-protocol': 'talk',
};

function keyOf(head: string): string {
  return /\r\nsec-websocket-key: (\S+)\r\n/i.exec(head)?.[1] ?? '';
}

test('an extended CONNECT is a tunnel to a replica that upgrades', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  await until('the client may', () => client.session.remoteSettings.enableConnectProtocol);
  const stream = client.open(connect);
  let status = 0;
  let fields: Record<string, unknown> = {};
  let received = '';
  stream.on('response', (headers) => {
    status = Number(headers[':status']);
    fields = headers;
  });
  stream.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
  });
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  assert.match(replica.received, /^GET \/chat\?a=b HTTP\/1\.1\r\n/);
  assert.match(replica.received, /\r\nconnection: upgrade\r\nupgrade: websocket\r\n/i);
  assert.match(replica.received, /\r\nsec-websocket-protocol: talk\r\n/i);
  replica.send(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${acceptFor(keyOf(replica.received))}\r\nSec-WebSocket-Protocol: talk\r\n\r\nfirst`,
  );
  await until('the tunnel stands', () => received === 'first');
  assert.equal(status, 200);
  assert.equal(fields['sec-websocket-protocol'], 'talk');
  assert.equal(fields['sec-websocket-accept'], undefined);
  stream.write('from the client');
  await replica.sees('from the client');
  replica.send(' second');
  await until('it came', () => received === 'first second');
  replica.socket.end();
  await until('the stream is closed', () => stream.closed);
  await gateway.quiet();
});

test('an answer that does not fit the handshake opens no tunnel', async () => {
  await using upstream = await scriptedUpstream(
    answering((head) =>
      head.includes('/chat')
        ? 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n'
        : ok('no websocket'),
    ),
  );
  await using gateway = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  await until('the client may', () => client.session.remoteSettings.enableConnectProtocol);
  assert.equal((await answerOn(client.open(connect))).status, 502);
  const plain = await answerOn(client.open({ ...connect, ':path': '/page' }));
  assert.deepEqual([plain.status, plain.body], [200, 'no websocket']);
  const other = await answerOn(client.open({ ...connect, ':protocol': 'connect-udp' }));
  assert.equal(other.status, 405);
});
