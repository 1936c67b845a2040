// Names, rules, labels and addresses are chosen by whoever may start a container. None of them may run in the browser
// of the person who looks at them.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  makeDiagnostic,
  makeReplica,
  makeRouter,
  makeService,
  type Recording,
  recorded,
} from '../../ui/dev/recorded.ts';
import { createDashboards } from './open-dashboard.ts';

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(2)</script>',
  'javascript:alert(3)',
  '__proto__',
  "'-alert`4`-'",
  '{{constructor.constructor("alert(5)")()}}',
  '../../../etc/%2e%2e?x=#y',
  '\u202Egnp.exe',
  '%E0%A4%A',
];

describe('hostile names', { timeout: 60_000 }, () => {
  let dashboards: Awaited<ReturnType<typeof createDashboards>>;
  before(async () => {
    dashboards = await createDashboards();
  });
  after(() => dashboards.close());

  it('are shown as text on every page and never run', async () => {
    await dashboards.run(hostileRecording(), {}, async ({ page, visit }) => {
      for (const place of ['#/', '#/routers', '#/services', '#/middlewares', '#/diagnostics']) {
        await visit(place);
        await page.locator('main').getByText('<img src=x onerror=alert(1)>').first().waitFor();
        assert.equal(await page.locator('main img, main script').count(), 0);
      }
    });
  });

  it('lead to their own page by their links', async () => {
    await dashboards.run(hostileRecording(), {}, async ({ page, visit, go }) => {
      await visit('#/');
      for (const name of HOSTILE) {
        await go('#/routers');
        await page.getByRole('link', { name: `${name}@docker`, exact: true }).click();
        const flow = page.getByRole('list', { name: 'The way of a request' });
        await flow.waitFor();
        assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), `${name}@docker`);
        await flow.getByRole('link', { name, exact: true }).last().click();
        await page.getByRole('table', { name: 'Replicas' }).waitFor();
        assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), `${name}@docker`);
      }
    });
  });

  it('cannot come in by the address either', async () => {
    await dashboards.run(recorded(), { allowedErrors: /404/ }, async ({ page, visit, go }) => {
      await visit(`#/routers/${HOSTILE[0]}`);
      for (const name of HOSTILE) {
        await go(`#/routers/${name}`);
        await go(`#/?q=${name}`);
        await go(`#/diagnostics?severity=${name}&q=${encodeURIComponent(name)}`);
        await go(`#/${name}`);
      }
      assert.equal(await page.locator('main img, main script').count(), 0);
    });
  });

  it('leave no link that leads to a script', async () => {
    await dashboards.run(hostileRecording(), {}, async ({ page, visit }) => {
      for (const place of ['#/?q=alert', '#/routers', '#/services', '#/diagnostics']) {
        await visit(place);
        await page.locator('main').getByText('javascript:alert(3)').first().waitFor();
        const targets = await page
          .locator('a')
          .evaluateAll((links) => links.map((one) => one.getAttribute('href')));
        assert.ok(targets.length > 5);
        for (const target of targets) assert.match(target ?? '', /^#\//);
      }
    });
  });
});

function hostileRecording(): Recording {
  const recording = recorded();
  recording.routers = HOSTILE.map((name) =>
    makeRouter(name, { rule: name, middlewares: [name], using: [name], entryPoints: [name], error: [name] }),
  );
  recording.services = HOSTILE.map((name) => makeService(name, { usedBy: [name], error: [name] }));
  recording.middlewares = HOSTILE.map((name) => ({
    name: `${name}@docker`,
    provider: 'docker',
    type: name,
    status: 'warning',
    usedBy: [name],
    origins: [name],
    diagnostics: [],
    error: [name],
    headers: { [name]: name },
  }));
  recording.replicas = HOSTILE.map((name) =>
    makeReplica(name, name, { url: name, state: 'unhealthy', ready: false, reason: name, lastError: name }),
  );
  recording.diagnostics = HOSTILE.map((name) =>
    makeDiagnostic({
      object: { kind: 'router', name: `${name}@docker` },
      container: name,
      label: `${name}=${name}`,
      position: 3,
      message: name,
      hint: name,
      fix: name,
    }),
  );
  return recording;
}
