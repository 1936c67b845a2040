// What the internal entry point says beside the objects of the configuration: ping, metrics, its fields of security.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type FakeGateway, startFakeGateway } from './fake-gateway.ts';

describe('the internal entry point', { timeout: 20_000 }, () => {
  let gateway: FakeGateway;
  before(async () => {
    gateway = await startFakeGateway();
  });
  after(() => gateway.close());

  it('answers ping, and with another status while it is ending', async () => {
    const alive = await gateway.get('/ping');
    assert.deepEqual([alive.status, alive.text], [200, 'OK']);
    gateway.terminating = true;
    assert.equal((await gateway.get('/ping')).status, 503);
    assert.equal((await gateway.get('/api/version')).status, 200);
  });

  it('serves the metrics, and hides why that fails but logs it', async () => {
    const { text, headers } = await gateway.get('/metrics');
    assert.equal(text, 'up 1\n');
    assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/);
    gateway.metricsText = () => Promise.reject(new Error('/secret/path'));
    const failed = await gateway.get('/metrics');
    assert.equal(failed.status, 500);
    assert.doesNotMatch(failed.text, /secret/);
    assert.deepEqual(gateway.errors, ['The API failed to answer.']);
  });

  it('answers HEAD without a body', async () => {
    const { status, text, headers } = await gateway.get('/api/version', {}, 'HEAD');
    assert.deepEqual([status, text], [200, '']);
    assert.match(String(headers['content-type']), /json/);
  });

  it('sends its security fields with everything, faults included', async () => {
    for (const path of ['/api/version', '/api/none', '/ping', '/dashboard/', '/']) {
      const { headers } = await gateway.get(path);
      assert.match(String(headers['content-security-policy']), /^default-src 'self'; frame-ancestors 'none'/);
      assert.doesNotMatch(String(headers['content-security-policy']), /unsafe/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
    }
    assert.equal((await gateway.get('/api/version')).headers['cache-control'], 'no-store');
  });
});
