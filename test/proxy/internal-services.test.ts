// The gateway's own services by routers of labels, as on the proxy's own container, and the routers that start-up options make.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createFakeEngine, type FakeEngine } from '../support/fake-engine.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { rawClient, rawRequest } from '../support/raw-client.ts';
import { until } from '../support/until.ts';

let engine: FakeEngine;
let served: GatewayProcess;

const http = 'traefik.http';
const credentials = Buffer.from('admin:password').toString('base64');

before(async () => {
  engine = await createFakeEngine();
  engine.run({
    name: 'gateway',
    labels: {
      [`${http}.routers.api.rule`]: 'Host(`api.test`)',
      [`${http}.routers.api.service`]: 'api@internal',
      [`${http}.routers.api.middlewares`]: 'auth',
      [`${http}.middlewares.auth.basicauth.users`]: 'admin:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=',
      [`${http}.routers.ui.rule`]: 'Host(`ui.test`)',
      [`${http}.routers.ui.service`]: 'dashboard@internal',
      [`${http}.routers.alive.rule`]: 'Host(`alive.test`)',
      [`${http}.routers.alive.service`]: 'ping@internal',
      [`${http}.routers.noop.rule`]: 'Host(`noop.test`)',
      [`${http}.routers.noop.service`]: 'noop@internal',
      [`${http}.routers.off.rule`]: 'Host(`off.test`)',
      [`${http}.routers.off.service`]: 'prometheus@internal',
      [`${http}.services.dummy.loadbalancer.server.port`]: '9999',
    },
  });
  served = await startGateway([
    `--providers.docker.endpoint=${engine.endpoint}`,
    '--api.insecure=false',
    '--ping.manualrouting=true',
    '--entrypoints.old.address=127.0.0.1:0',
    '--entrypoints.old.http.redirections.entrypoint.to=:8443',
    '--entrypoints.guarded.address=127.0.0.1:0',
    '--entrypoints.guarded.http.middlewares=auth@docker',
  ]);
  await until('the labels are routes', async () => (await ask('noop.test', '/')).status === 418);
});
after(async () => {
  await served?.[Symbol.asyncDispose]();
  await engine?.close();
});

function ask(host: string, path: string, fields = '', entryPoint = 'web') {
  return rawRequest(
    served.port(entryPoint),
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${fields}Connection: close\r\n\r\n`,
  );
}
const authorized = `Authorization: Basic ${credentials}\r\n`;

test('the API stands behind the middlewares of its router', async () => {
  assert.equal((await ask('api.test', '/api/version')).status, 401);
  const { status, rest } = await ask('api.test', '/api/version', authorized);
  assert.equal(status, 200);
  assert.match(rest, /"Version":/);
});

test('a router to the API leads to the dashboard too, and to nothing else', async () => {
  assert.equal((await ask('api.test', '/', authorized)).headers.get('location'), '/dashboard/');
  assert.notEqual((await ask('api.test', '/dashboard/', authorized)).status, 404);
  for (const path of ['/ping', '/metrics', '/other'])
    assert.equal((await ask('api.test', path, authorized)).status, 404, path);
});

test('nothing of it is reachable where no router names it', async () => {
  for (const entryPoint of ['web', 'traefik']) {
    for (const path of ['/api/version', '/dashboard/', '/ping', '/metrics'])
      assert.equal((await ask('other.test', path, '', entryPoint)).status, 404, `${entryPoint} ${path}`);
  }
});

test('ping answers at any path, and the dashboard without its prefix', async () => {
  const alive = await ask('alive.test', '/are/you/there?');
  assert.equal(alive.status, 200);
  assert.equal(alive.rest, 'OK');
  assert.equal((await ask('ui.test', '/')).status, (await ask('ui.test', '/dashboard/')).status);
  assert.equal((await ask('ui.test', '/api/version')).headers.get('location'), '/dashboard/');
});

test('a router to what is switched off is disabled, and says how to switch it on', async () => {
  assert.equal((await ask('off.test', '/')).status, 404);
  const { rest } = await ask('api.test', '/api/http/routers/off@docker', authorized);
  assert.match(rest, /There is no service prometheus@internal\./);
  assert.match(rest, /--metrics\.prometheus=true/);
});

test('events of the dashboard pass as they happen', async () => {
  using client = await rawClient(served.port('web'));
  client.send(`GET /api/events HTTP/1.1\r\nHost: api.test\r\n${authorized}\r\n`);
  await client.sees('event: config');
  const { length } = client.received;
  engine.run({ name: 'another' });
  await until('a change is told', () => client.received.slice(length).includes('event: '));
});

test('an entry point sends its clients elsewhere', async () => {
  const { status, headers } = await ask('any.test:8080', '/x?y', '', 'old');
  assert.equal(status, 301);
  assert.equal(headers.get('location'), 'https://any.test:8443/x?y');
});

test('middlewares of an entry point stand before those of its routers', async () => {
  assert.equal((await ask('noop.test', '/', '', 'guarded')).status, 401);
  assert.equal((await ask('noop.test', '/', authorized, 'guarded')).status, 418);
});
