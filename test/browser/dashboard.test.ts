// The dashboard in a real browser, over HTTP with the gateway's content security policy.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { makeReplica, makeRouter, makeService, recorded } from '../../ui/dev/recorded.ts';
import { createDashboards } from './open-dashboard.ts';

describe('dashboard', { timeout: 60_000 }, () => {
  let dashboards: Awaited<ReturnType<typeof createDashboards>>;
  before(async () => {
    dashboards = await createDashboards();
  });
  after(() => dashboards.close());

  it('is served under a policy that stops inline scripts', async () => {
    await dashboards.run(
      recorded(),
      { allowedErrors: /Content Security Policy/ },
      async ({ page, visit }) => {
        await visit('#/');
        const ran = await page.evaluate(() => {
          const script = document.createElement('script');
          script.textContent = 'document.title = "inline script ran"';
          document.body.append(script);
          return document.title;
        });
        assert.doesNotMatch(ran, /inline/);
      },
    );
  });

  it('shows on the overview what needs attention, worst first', async () => {
    await dashboards.run(recorded(), {}, async ({ page, visit }) => {
      await visit('#/');
      const attention = page.locator('section', { hasText: 'Needs attention' }).getByRole('listitem');
      await attention.first().waitFor();
      const lines = await attention.allTextContents();
      assert.match(lines[0] ?? '', /^Error: preview@docker has no ready replica \(1 unhealthy\)/);
      assert.match(
        lines[3] ?? '',
        /^Warning: cosy-cluster@docker has 2 of 4 replicas readytts-cosyvoice-4: /,
      );
      await page.getByText('5 of 8').waitFor();
      assert.equal(await page.title(), 'Overview · Berth');
    });
  });

  it('says that nothing needs attention only when that is known', async () => {
    const recording = recorded();
    recording.diagnostics = [];
    recording.replicas = recording.replicas.filter((one) => one.ready);
    await dashboards.run(recording, {}, async ({ page, visit }) => {
      await visit('#/');
      await page.getByText('Nothing needs your attention.').waitFor();
    });
  });

  it('answers for a pasted URL why its route does not work', async () => {
    await dashboards.run(recorded(), {}, async ({ page, visit }) => {
      await visit('#/');
      await page.getByRole('searchbox').fill('https://studio.example.com:8443/v1/speech?x=1');
      await page.getByRole('heading', { name: 'Routers (1)' }).waitFor();
      const row = page.getByRole('table', { name: 'Routers' }).getByRole('row').nth(1);
      assert.match((await row.textContent()) ?? '', /NoThere is no matcher "Hots"\./);
      assert.equal(await page.locator('mark').textContent(), 'Hots');
      await page.getByText('traefik.http.routers.studio.rule=Host(`studio.example.com`)').waitFor();
      await page.getByRole('searchbox').fill('nowhere.example.com');
      await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
      assert.match(page.url(), /q=nowhere\.example\.com/);
    });
  });

  it('draws the way of a request through a router', async () => {
    await dashboards.run(recorded(), {}, async ({ page, visit }) => {
      await visit('#/routers');
      await page.getByRole('link', { name: 'cosy1@docker' }).click();
      const flow = page.getByRole('list', { name: 'The way of a request' });
      await flow.getByText('Ready', { exact: true }).waitFor();
      const steps = await flow.locator(':scope > li').allTextContents();
      const wanted = [/websecure/, /cosy1@dockerEnabled/, /auth\s*speech-headers/, /1 of 1 ready/, /cosy1-1/];
      assert.equal(steps.length, wanted.length);
      for (const [index, pattern] of wanted.entries()) assert.match(steps[index] ?? '', pattern);
      assert.equal(await page.title(), 'cosy1@docker · Berth');
      await flow.getByRole('link', { name: 'cosy1' }).click();
      await page.getByRole('table', { name: 'Replicas' }).waitFor();
    });
  });

  it('marks in the flow what a router names and nothing has', async () => {
    await dashboards.run(recorded(), {}, async ({ page, visit }) => {
      await visit('#/routers/admin%40docker');
      await page.getByRole('list', { name: 'The way of a request' }).getByText('Not usable').waitFor();
    });
  });

  it('says where a router is encrypted, also where only an entry point makes it so', async () => {
    const recording = recorded();
    recording.routers = [
      makeRouter('plain'),
      makeRouter('own', { tls: {} }),
      makeRouter('both', { entryPoints: ['web', 'websecure'], tlsEntryPoints: ['websecure'] }),
    ];
    await dashboards.run(recording, {}, async ({ page, visit }) => {
      await visit('#/routers');
      await page.getByRole('link', { name: 'both@docker' }).waitFor();
      const table = page.getByRole('table', { name: 'Routers' });
      const headers = await table.getByRole('columnheader').allTextContents();
      const column = headers.findIndex((text) => text.startsWith('TLS'));
      const shown: Record<string, string> = {};
      for (const row of await table.locator('tbody tr').all()) {
        const name = (await row.getByRole('link').first().textContent()) ?? '';
        shown[name] = (await row.locator('th, td').nth(column).textContent()) ?? '';
      }
      assert.deepEqual(shown, { 'plain@docker': 'No', 'own@docker': 'Yes', 'both@docker': 'On websecure' });
      await page.getByRole('link', { name: 'both@docker' }).click();
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      await page.getByText('On websecure').waitFor();
    });
  });

  it('filters routers by status and keeps that in the address', async () => {
    await dashboards.run(recorded(), {}, async ({ page, visit }) => {
      await visit('#/routers');
      await page.getByRole('link', { name: 'Disabled 2' }).click();
      await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 2);
      assert.match(page.url(), /status=disabled/);
      await page.reload();
      await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 2);
    });
  });

  it('shows a middleware with its options and says when an object does not exist', async () => {
    await dashboards.run(recorded(), { allowedErrors: /404/ }, async ({ page, visit }) => {
      await visit('#/middlewares/auth%40docker');
      await page.getByText('<redacted>').waitFor();
      await page.getByText('basicAuth.realm').waitFor();
      await visit('#/services/gone%40docker');
      await page.getByText('There is no service named gone@docker now.').waitFor();
      await visit('#/nowhere');
      await page.getByText('There is no page at this address.').waitFor();
    });
  });

  it('copies the fixed label', async () => {
    await dashboards.run(recorded(), {}, async ({ page, server, visit }) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], {
        origin: new URL(server.url).origin,
      });
      await visit('#/diagnostics?q=trafik');
      await page.getByRole('button', { name: 'Copy the fixed label' }).click();
      await page.getByText('Copied').waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'traefik.enable=true');
    });
  });

  it('shows changes as they happen, without a reload', async () => {
    await dashboards.run(recorded(), {}, async ({ page, server: { api }, visit }) => {
      await visit('#/services/cosy-cluster%40docker');
      await page.getByText('Live', { exact: true }).waitFor();
      await page.evaluate(() => document.body.setAttribute('data-same-page', ''));
      const at = new Date().toISOString();
      const starting = api.recording.replicas.find((one) => one.state === 'starting');
      assert.ok(starting);
      const { reason: _, ...rest } = starting;
      const ready = { ...rest, state: 'ready', health: 'up', ready: true } as const;
      api.recording.replicas = api.recording.replicas.map((one) => (one === starting ? ready : one));
      api.emit({ type: 'replica', at, replica: ready });
      await page.getByText('3 of 4').waitFor();
      assert.equal(
        await page.getByRole('status').textContent(),
        'tts-cosyvoice-3 of cosy-cluster@docker is ready.',
      );

      api.emit({ type: 'loads', at, replicas: [{ ...ready, inFlight: 17, requests: 5000, failures: 0 }] });
      await page
        .getByRole('row', { name: /tts-cosyvoice-3/ })
        .getByText('17', { exact: true })
        .waitFor();

      api.emit({ type: 'replica-gone', at, service: ready.service, id: ready.id });
      await page.getByText('2 of 3').waitFor();
      assert.ok(await page.locator('body[data-same-page]').count());
    });
  });

  it('asks again when the configuration changes, and shows a provider that goes away', async () => {
    await dashboards.run(recorded(), {}, async ({ page, server: { api }, visit }) => {
      await visit('#/routers');
      await page.getByText('Live', { exact: true }).waitFor();
      const at = new Date().toISOString();
      api.recording.routers = [...api.recording.routers, makeRouter('brand-new', { service: 'cosy1' })];
      api.emit({ type: 'config', at, version: 13 });
      await page.getByRole('link', { name: 'brand-new@docker' }).waitFor();

      await page.getByRole('link', { name: 'Overview' }).click();
      const state = { provider: 'docker', state: 'down', message: 'The socket refuses.', since: at } as const;
      api.recording.providerStates = [state];
      api.emit({ type: 'provider', at, state });
      await page.getByText('Provider docker cannot be reached').waitFor();
    });
  });

  it('tells that it is reconnecting, keeps what it knows, and then shows what it missed', async () => {
    const options = { allowedErrors: /ERR_|Failed to load/ };
    await dashboards.run(recorded(), options, async ({ page, server, visit }) => {
      await visit('#/routers');
      await page.getByText('Live', { exact: true }).waitFor();
      server.setGone(true);
      await page.getByText('Reconnecting…').waitFor();
      assert.ok(await page.getByRole('link', { name: 'cosy1@docker' }).isVisible());
      server.api.recording.routers = [makeRouter('came-meanwhile', { service: 'cosy1' })];
      server.setGone(false);
      await page.getByRole('link', { name: 'came-meanwhile@docker' }).waitFor();
      await page.getByText('Reconnecting…').waitFor({ state: 'detached' });
    });
  });

  it('works under a base path', async () => {
    await dashboards.run(recorded(), { basePath: '/admin/berth' }, async ({ page, visit }) => {
      await visit('#/routers');
      await page.getByRole('link', { name: 'cosy1@docker' }).waitFor();
    });
  });

  it('stays usable with ten thousand routers', async () => {
    const recording = recorded();
    const names = Array.from({ length: 10_000 }, (_, index) => `app-${index}`);
    recording.routers = names.map((name) => makeRouter(name));
    recording.services = names.map((name) => makeService(name));
    recording.replicas = names.map((name) => makeReplica(name, `${name}-1`));
    await dashboards.run(recording, {}, async ({ page, visit }) => {
      await visit('#/routers');
      await page.getByText('1–50 of 10,000').waitFor();
      assert.equal(await page.locator('tbody tr').count(), 50);
      await page.getByRole('link', { name: 'Next page' }).click();
      await page.getByRole('link', { name: 'app-50@docker' }).waitFor();
      await page.getByRole('searchbox').fill('app-9876.example');
      await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
      await page.getByRole('link', { name: 'app-9876@docker' }).waitFor();
      await visit('#/');
      await page.getByText('10,000 of 10,000').waitFor();
    });
  });
});
