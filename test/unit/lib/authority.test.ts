// Hosts and ports as URLs write them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toAuthority, toUrlHost } from '../../../src/lib/authority.ts';

test('only IPv6 addresses get brackets, and only once', () => {
  for (const [host, written] of [
    ['10.0.0.2', '10.0.0.2'],
    ['voice', 'voice'],
    ['', ''],
    ['fd00::2', '[fd00::2]'],
    ['[fd00::2]', '[fd00::2]'],
  ] as const) {
    assert.equal(toUrlHost(host), written);
    assert.equal(toAuthority(host, 80), `${written}:80`);
  }
});
