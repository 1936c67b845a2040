// The dashboard over real HTTP: where it stands, how its files are kept, and what it says where it was not built.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type FakeGateway, startFakeGateway } from './fake-gateway.ts';

describe('the dashboard', { timeout: 20_000 }, () => {
  let folder = '';
  let gateway: FakeGateway;
  const api = { insecure: true, dashboard: true, basePath: '/berth/', allowedHosts: [], dashboardName: '' };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-dashboard-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<p>page</p>');
    await writeFile(join(folder, 'assets', 'app-1a2b.js'), 'run()');
    gateway = await startFakeGateway({ api }, pathToFileURL(`${folder}/`));
  });
  after(async () => {
    await gateway.close();
    await rm(folder, { recursive: true });
  });

  it('and the API stand under basePath, and every start leads to it', async () => {
    assert.equal((await gateway.get('/berth/api/version')).status, 200);
    assert.equal((await gateway.get('/api/version')).status, 404);
    for (const path of ['/', '/berth', '/berth/', '/berth/dashboard', '/berth/dashboard/some/where']) {
      const { status, headers } = await gateway.get(path);
      assert.deepEqual([status, headers.location], [302, '/berth/dashboard/'], path);
    }
  });

  it('is served with its files: the page is asked for anew each time, the hashed files never', async () => {
    const page = await gateway.get('/berth/dashboard/');
    assert.deepEqual(
      [page.status, page.text, page.headers['cache-control']],
      [200, '<p>page</p>', 'no-cache'],
    );
    const script = await gateway.get('/berth/dashboard/assets/app-1a2b.js');
    assert.match(String(script.headers['content-type']), /javascript/);
    assert.match(String(script.headers['cache-control']), /immutable/);
  });

  it('never answers a missing file with a page, nor leaves its folder', async () => {
    assert.equal((await gateway.get('/berth/dashboard/assets/old.js')).status, 404);
    for (const path of [
      '../../../package.json',
      '..%2f..%2f..%2fpackage.json',
      '%2e%2e/%2e%2e/package.json',
    ]) {
      const { status, text } = await gateway.get(`/berth/dashboard/${path}`);
      assert.ok(status >= 400, path);
      assert.doesNotMatch(text, /"scripts"/);
    }
  });

  it('says what to do where it has not been built', async () => {
    const bare = await startFakeGateway({}, pathToFileURL(`${folder}/assets/`));
    const { status, text } = await bare.get('/dashboard/');
    assert.equal(status, 503);
    assert.match(text, /npm run prepare/);
    await bare.close();
  });
});
