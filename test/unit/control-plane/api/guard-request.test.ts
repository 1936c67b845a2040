// Who is answered: DNS rebinding, foreign origins and methods that change things are refused.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { guardRequest } from '../../../../src/control-plane/api/guard-request.ts';
import { type FakeGateway, startFakeGateway } from './fake-gateway.ts';

const options = { allowedHosts: ['Berth.example.com', '*.lab.example'], ownName: 'gw.site.example' };
const guard = (headers: Readonly<Record<string, string>>, method = 'GET', path = '/api/rawdata') =>
  guardRequest({ method, path, headers }, options);

describe('the Host of a request', () => {
  const allowed = [
    '127.0.0.1:8080',
    '192.168.1.5',
    '[::1]:8080',
    '[fd00::1]',
    'localhost:8080',
    'LOCALHOST',
    'dash.localhost',
    'gateway:8080',
    'my-stack_gateway-1',
    'host.docker.internal:8080',
    'gw.site.example',
    'berth.example.com:8080',
    'BERTH.example.com.',
    'a.lab.example',
  ];
  for (const host of allowed) it(`may be ${host}`, () => guard({ host }));

  const refused = [
    'evil.test',
    'evil.test:8080',
    '127.0.0.1.evil.test',
    'localhost.evil.test',
    'berth.example.com.evil.test',
    'lab.example',
    'evil-lab.example',
    '127.0.0.1@evil.test',
    'a b',
    '',
    '[::1',
    '::1',
    'x.y:99999999',
  ];
  for (const host of refused) {
    it(`may not be ${JSON.stringify(host)}`, () => assert.throws(() => guard({ host }), { status: 421 }));
  }

  it('may be absent, as in HTTP/1.0', () => guard({}));

  it('is not looked at for /ping, which says nothing', () => guard({ host: 'evil.test' }, 'GET', '/ping'));

  it('may be any where the operator says so', () =>
    guardRequest(
      { method: 'GET', path: '/', headers: { host: 'any.test' } },
      { allowedHosts: ['*'], ownName: '' },
    ));
});

describe('the origin of a request', () => {
  const host = 'localhost:8080';
  it('may be the page itself', () => guard({ host, origin: 'http://localhost:8080' }));
  for (const origin of ['http://evil.test', 'null', 'http://localhost:9090', 'file://']) {
    it(`may not be ${origin}`, () => assert.throws(() => guard({ host, origin }), { status: 403 }));
  }
  it('may be another only for a link that is followed', () => {
    const crossSite = { host, 'sec-fetch-site': 'cross-site' };
    guard({ ...crossSite, 'sec-fetch-mode': 'navigate' });
    assert.throws(() => guard({ ...crossSite, 'sec-fetch-mode': 'no-cors' }), { status: 403 });
  });
});

describe('the API as a browser meets it', { timeout: 20_000 }, () => {
  let gateway: FakeGateway;
  before(async () => {
    gateway = await startFakeGateway();
  });
  after(() => gateway.close());

  it('refuses a name that it does not know, with the option that would allow it', async () => {
    for (const path of ['/api/rawdata', '/api/events', '/dashboard/', '/metrics', '/none']) {
      const { status, json } = await gateway.get(path, { host: 'evil.test:8080' });
      assert.equal(status, 421, path);
      assert.match(json.message, /--api\.allowedHosts=evil\.test\./);
    }
  });

  it('never puts a hostile Host into the answer as it is', async () => {
    const { status, text } = await gateway.get('/api/version', { host: '<script>alert(1)</script>' });
    assert.equal(status, 421);
    assert.doesNotMatch(text, /[<>]/);
  });

  it('answers 405 to everything but GET and HEAD, and says so', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'TRACE']) {
      const { status, headers } = await gateway.get('/api/http/routers', {}, method);
      assert.equal(status, 405, method);
      assert.equal(headers.allow, 'GET, HEAD');
    }
  });

  it('refuses a foreign origin before it does anything', async () => {
    const { status } = await gateway.get('/api/events', { origin: 'http://evil.test' });
    assert.equal(status, 403);
    assert.equal(gateway.listeners(), 0);
  });
});
