// Opens the dashboard in a real Chromium and keeps count of everything that a healthy page never does.
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { Recording } from '../../ui/dev/recorded.ts';
import { launchBrowser } from '../support/browser.ts';
import { buildDashboard, type DashboardServer, serveDashboard } from './dashboard-server.ts';

/** One page that shows a dashboard. */
export type Tab = {
  readonly page: Page;
  /** Goes to a place inside the dashboard, `#/…`, as a fresh load. */
  visit(hash: string): Promise<void>;
  /** Goes there as a link does, without loading the page anew. */
  go(hash: string): Promise<void>;
};

/** How a page is opened; the defaults are a light desktop screen at the root path. */
export type OpenOptions = {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly basePath?: string;
  /** Errors in the console that the test provokes itself, such as a gateway that is gone. */
  readonly allowedErrors?: RegExp;
};

/** A browser and a build for one test file. */
export async function createDashboards() {
  const dist = await buildDashboard();
  const browser = await launchBrowser();
  return {
    /** Where the build lies. */
    folder: dist.folder,
    /** Runs `test` on a page at `url`; afterwards nothing may have gone wrong in it. */
    watch: (url: string, options: OpenOptions, test: (tab: Tab) => Promise<void>) =>
      watch(browser, url, options, test),
    /** The same on a server of its own, which answers from the recording. */
    run: async (
      recording: Recording,
      options: OpenOptions,
      test: (tab: Tab & { readonly server: DashboardServer }) => Promise<void>,
    ) => {
      const server = await serveDashboard(dist.folder, recording, options.basePath);
      try {
        await watch(browser, server.url, options, (tab) => test({ ...tab, server }));
      } finally {
        await server.close();
      }
    },
    close: async () => {
      await browser.close();
      await dist.remove();
    },
  };
}

async function watch(
  browser: Browser,
  url: string,
  { width = 1280, scheme = 'light', allowedErrors }: OpenOptions,
  test: (tab: Tab) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  const faults: string[] = [];
  const origin = new URL(url).origin;
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) faults.push(`request to ${request.url()}`);
  });
  try {
    await test({
      page,
      visit: async (hash) => {
        // A change of the hash alone would be a navigation inside the page.
        await page.goto('about:blank');
        await page.goto(url + hash);
        await page.locator('h1').waitFor();
      },
      go: (hash) => page.evaluate(changeHash, hash),
    });
    assert.deepEqual(
      faults.filter((fault) => !allowedErrors?.test(fault)),
      [],
    );
  } finally {
    await page.close();
  }
}

/** Runs inside the page. The listener was added last, so the dashboard has drawn the new place when it is called. */
function changeHash(hash: string): Promise<void> {
  return new Promise((resolve) => {
    const before = window.location.hash;
    window.addEventListener('hashchange', () => resolve(), { once: true });
    window.location.hash = hash;
    if (window.location.hash === before) resolve();
  });
}
