// What a person needs who uses no mouse, hears the page, has a narrow screen or a dark room.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { recorded } from '../../ui/dev/recorded.ts';
import { createDashboards } from './open-dashboard.ts';
import { findContrastFaults, findStructureFaults } from './page-audit.ts';

const PLACES = [
  '#/',
  '#/?q=cosy',
  '#/routers',
  '#/routers/studio%40docker',
  '#/services',
  '#/services/cosy-cluster%40docker',
  '#/middlewares',
  '#/middlewares/auth%40docker',
  '#/diagnostics',
  '#/explain?url=https%3A%2F%2Fcosy1.example.com%2Fv1%2Fspeech',
];

describe('accessibility', { timeout: 60_000 }, () => {
  let dashboards: Awaited<ReturnType<typeof createDashboards>>;
  before(async () => {
    dashboards = await createDashboards();
  });
  after(() => dashboards.close());

  it('has landmarks, ordered headings and a name for every control on every page', async () => {
    await dashboards.run(recorded(), {}, async ({ page, visit, go }) => {
      await visit('#/');
      const titles = new Set<string>();
      for (const place of PLACES) {
        await go(place);
        await settled(page);
        assert.deepEqual(await page.evaluate(findStructureFaults), [], place);
        titles.add(await page.title());
      }
      assert.equal(
        titles.size,
        PLACES.length - 1,
        'the search is the overview; every other page has its own title',
      );
    });
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`has a contrast of at least 4.5:1 in the ${scheme} theme`, async () => {
      await dashboards.run(recorded(), { scheme }, async ({ page, visit, go }) => {
        await visit('#/');
        for (const place of PLACES) {
          await go(place);
          await settled(page);
          assert.deepEqual(await page.evaluate(findContrastFaults), [], place);
        }
        const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(ground, scheme === 'dark' ? 'rgb(17, 22, 27)' : 'rgb(247, 249, 250)');
      });
    });
  }

  it('keeps a chosen theme over a reload, against the system', async () => {
    await dashboards.run(recorded(), { scheme: 'light' }, async ({ page, visit }) => {
      await visit('#/');
      await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
      await page.reload();
      await page.locator('h1').waitFor();
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(ground, 'rgb(17, 22, 27)');
    });
  });

  it('needs no sideways scrolling on any width from 320 pixels', async () => {
    const recording = recorded();
    const long = `Host(\`${'very-long-name-without-a-break'.repeat(6)}.example.com\`)`;
    recording.routers = recording.routers.map((one) => ({ ...one, rule: long }));
    await dashboards.run(recording, {}, async ({ page, visit, go }) => {
      await visit('#/');
      for (const place of PLACES) {
        await go(place);
        await settled(page);
        for (const width of [320, 400, 768, 961, 1100, 1280]) {
          await page.setViewportSize({ width, height: 900 });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= width, `${place} is ${wide} pixels wide on a screen of ${width}`);
        }
      }
    });
  });

  it('can be walked by keyboard alone', async () => {
    await dashboards.run(recorded(), {}, async ({ page, visit }) => {
      await visit('#/');
      await settled(page);
      const { keyboard } = page;
      await keyboard.press('Tab');
      assert.equal(await focused(page), 'Skip to content');
      await keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'MAIN');

      await keyboard.press('/');
      await keyboard.type('studio');
      await page.getByRole('heading', { name: 'Routers (1)' }).waitFor();
      await tabTo(page, 'studio@docker');
      await keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'studio@docker' }).waitFor();
      assert.equal(await focused(page), 'studio@docker', 'a new page begins at its heading');

      await tabTo(page, 'Copy the fixed label');
      await page.goBack();
      await page.getByRole('searchbox').waitFor();
      assert.equal(await page.getByRole('searchbox').inputValue(), 'studio');
    });
  });

  it('shows where the focus is', async () => {
    await dashboards.run(recorded(), {}, async ({ page, visit }) => {
      await visit('#/routers');
      await settled(page);
      for (let step = 0; step < 15; step += 1) {
        await page.keyboard.press('Tab');
        const outline = await page.evaluate(() => {
          const style = getComputedStyle(document.activeElement ?? document.body);
          return `${style.outlineStyle} ${style.outlineWidth}`;
        });
        assert.equal(outline, 'solid 2px', (await focused(page)) ?? '');
      }
    });
  });
});

/** All data has come: nothing says that it is loading, and the counts stand in the navigation. */
async function settled(page: Page): Promise<void> {
  await page.getByText('Live', { exact: true }).waitFor();
  await page.waitForFunction(() => !/Loading…|Searching…/.test(document.body.textContent ?? ''));
}

const focused = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(
    () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
  );

async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === name) return;
  }
  assert.fail(`Tab never came to "${name}".`);
}
