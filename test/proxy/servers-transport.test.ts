// The static servers transport: whom the gateway trusts on its way to servers, and which connections it keeps.
import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { TransportMaterial } from '../../src/model/servers-transport.ts';
import { gatewayTo } from '../support/gateway.ts';
import { http2Client } from '../support/http2-client.ts';
import { loopbackCertificate, loopbackKey } from '../support/loopback-certificate.ts';
import { rawRequest } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { newTls } from '../support/tls-material.ts';
import { until } from '../support/until.ts';

const usual: TransportMaterial = { insecureSkipVerify: false, dialTimeoutMs: 30_000 };
const server = createServer({ cert: loopbackCertificate, key: loopbackKey }, (_request, response) => {
  response.end('hello');
});
let url = '';

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const request = 'GET / HTTP/1.1\r\nHost: elsewhere.test\r\nConnection: close\r\n\r\n';

const cases: readonly (readonly [name: string, transport: TransportMaterial | undefined, status: number])[] =
  [
    ['a server of an unknown authority is not trusted', undefined, 502],
    ['insecureSkipVerify trusts any', { ...usual, insecureSkipVerify: true }, 200],
    ['rootCAs trusts whom it names', { ...usual, ca: [loopbackCertificate] }, 200],
    ['rootCAs trusts nobody else', { ...usual, ca: [newTls().defaultCertificate.certificate] }, 502],
    ['rootCAs without one that can be read trusts nobody', { ...usual, ca: [] }, 502],
  ];
for (const [name, transport, status] of cases) {
  test(name, async () => {
    const draft = gatewayTo(url);
    if (transport !== undefined) draft.transport(transport);
    await using web = await draft.start();
    assert.equal((await rawRequest(web.port, request)).status, status);
    await using client = await http2Client(`http://127.0.0.1:${web.port}`);
    assert.equal((await client.request('/')).status, status);
  });
}

test('idle connections are kept as many and as long as is said', async () => {
  await using replica = await scriptedUpstream(answering(ok('hello')));
  const connectionsWith = async (transport: TransportMaterial): Promise<number> => {
    const before = replica.connections.length;
    await using web = await gatewayTo(replica.url).transport(transport).start();
    for (let at = 0; at < 3; at++) assert.equal((await rawRequest(web.port, request)).status, 200);
    return replica.connections.length - before;
  };
  assert.equal(await connectionsWith({ ...usual, maxIdle: 0 }), 3);
  assert.equal(await connectionsWith({ ...usual, maxIdle: 1 }), 1);
  assert.equal(await connectionsWith({ ...usual, dialTimeoutMs: 0, idleTimeoutMs: 0 }), 1);

  await using web = await gatewayTo(replica.url)
    .transport({ ...usual, idleTimeoutMs: 50 })
    .start();
  const from = replica.connections.length;
  assert.equal((await rawRequest(web.port, request)).status, 200);
  await until('the idle connection is closed', () => replica.connections[from]?.isClosed);
});
