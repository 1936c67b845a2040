// A real browser for the dashboard's tests: CHROMIUM_PATH, one that is installed, or Debian's chromium.
import { existsSync } from 'node:fs';
import { has, installDebian } from './debian.mjs';

/** Makes sure that /usr/bin/chromium or the browser of CHROMIUM_PATH is there. */
export function ensureBrowser() {
  if (process.env.CHROMIUM_PATH && existsSync(process.env.CHROMIUM_PATH)) return;
  if (!has('chromium')) installDebian(['chromium'], 'for the tests of the dashboard');
}
