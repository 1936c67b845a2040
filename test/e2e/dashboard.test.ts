// The dashboard in a real browser, served by a real gateway that follows a real Engine: what happens to containers is
// seen without a reload.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { openEngine, type TestEngine } from '../support/engine.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { until } from '../support/until.ts';

let engine: TestEngine;
let gateway: GatewayProcess;
let browser: Browser;
let page: Page;
const faults: string[] = [];

before(async () => {
  engine = await openEngine();
  gateway = await startGateway([...engine.flags]);
  browser = await launchBrowser();
  page = await browser.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // The page of a service that has just been removed may ask for it once more.
    const isOfRemoved = /\bseen(?:@|%40)docker/.test(message.location().url);
    if (message.type() === 'error' && !isOfRemoved) {
      faults.push(`${message.text()} ${message.location().url}`);
    }
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
});
after(async () => {
  await browser?.close();
  await gateway?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

const visible = (text: string | RegExp) =>
  until(`${text} is seen`, () => page.getByText(text).first().isVisible());
const open = (place: string) => page.goto(`http://127.0.0.1:${gateway.port('traefik')}/dashboard/#${place}`);

test('a container that starts, is paused and stops is seen without a reload', async () => {
  await open('/services');
  await page.evaluate(() => {
    (globalThis as { sinceLoad?: boolean }).sinceLoad = true;
  });
  const container = await engine.start({
    labels: {
      'traefik.enable': 'true',
      'traefik.http.routers.seen.rule': 'Host(`seen.example.com`)',
      'traefik.http.services.seen.loadbalancer.server.port': '8000',
    },
  });
  await visible(/^seen@docker$/);
  await page.getByRole('link', { name: 'seen@docker' }).first().click();
  await visible(/^ready$/i);
  await container.pause();
  await visible(/^paused$/i);
  await container.unpause();
  await visible(/^ready$/i);
  await container.remove({ force: true });
  await until('its replica is gone', async () => (await page.getByText(/^ready$/i).count()) === 0);
  assert.equal(
    await page.evaluate(() => (globalThis as { sinceLoad?: boolean }).sinceLoad),
    true,
    'the page was never reloaded',
  );
});

test('a mistyped label is explained with the right spelling', async () => {
  await engine.start({
    labels: { 'traefik.enable': 'true', 'trafik.http.routers.lost.rule': 'Host(`lost.example.com`)' },
  });
  await open('/diagnostics');
  await visible(/trafik/);
  await visible(/traefik\.http\.routers\.lost\.rule/);
});

test('names from labels stay text, whatever they hold', async () => {
  const name = '<img src=x onerror=alert(1)>';
  await engine.start({
    labels: {
      'traefik.enable': 'true',
      [`traefik.http.routers.${name}.rule`]: 'Host(`xss.example.com`)',
      'traefik.http.services.xss.loadbalancer.server.port': '8000',
    },
  });
  await open('/routers');
  await visible(name);
  assert.equal(await page.locator('img[src="x"]').count(), 0);
});

test('nothing went wrong in the page meanwhile', () => assert.deepEqual(faults, []));
