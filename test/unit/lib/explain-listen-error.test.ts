// A port that cannot be listened on is explained with the way out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainListenError } from '../../../src/lib/explain-listen-error.ts';

const cases: readonly { name: string; error: unknown; host: string; expected: RegExp }[] = [
  {
    name: 'a taken port',
    error: { code: 'EADDRINUSE' },
    host: '',
    expected: /^The address :80 is taken.*another/,
  },
  {
    name: 'a privileged port',
    error: { code: 'EACCES' },
    host: '::1',
    expected: /^The address \[::1\]:80 .*1024/,
  },
  {
    name: 'a foreign address',
    error: { code: 'EADDRNOTAVAIL' },
    host: '192.0.2.1',
    expected: /no address of this machine/,
  },
  { name: 'anything else', error: new Error('odd'), host: '', expected: /^Cannot listen on :80: odd$/ },
];

for (const { name, error, host, expected } of cases) {
  test(name, () => assert.match(explainListenError(error, host, 80), expected));
}
