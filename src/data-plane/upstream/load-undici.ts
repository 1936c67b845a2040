// undici, when the first request goes through it: the wire lane needs none, and it takes megabytes in every worker.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The package; loaded once, at once. */
export function loadUndici(): typeof import('undici') {
  return require('undici');
}
