// Which Host fields are hosts, and in which form they are compared.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normaliseHost } from '../../../../src/rules/routing/normalise-host.ts';

const label = 'a'.repeat(63);
const longest = `${label}.${label}.${label}.${label}`;

describe('normaliseHost', () => {
  const valid: readonly (readonly [string, string])[] = [
    ['example.com', 'example.com'],
    ['EXAMPLE.Com', 'example.com'],
    ['PUBLIC.TEST.:80', 'public.test'],
    ['example.com.', 'example.com'],
    ['example.com:8080', 'example.com'],
    ['example.com:', 'example.com'],
    ['localhost', 'localhost'],
    ['my_service-1', 'my_service-1'],
    ['127.0.0.1:80', '127.0.0.1'],
    ['[::1]', '::1'],
    ['[2001:DB8::1]:443', '2001:db8::1'],
    ['', ''],
    [longest, longest],
    [`${longest}.:65535`, longest],
  ];
  for (const [field, host] of valid) {
    it(`reads ${JSON.stringify(field.slice(0, 40))}`, () => assert.equal(normaliseHost(field), host));
  }

  const invalid = [
    'a/b',
    'a#b',
    'a?b',
    'a b',
    'a\tb',
    'user@a.x',
    'a.x,b.x',
    'a.x;b',
    'a\\b',
    'ä.x',
    'a\u0080',
    'a%2ex',
    '.',
    '.a.x',
    'a..x',
    'a.x..',
    ':80',
    'a:b',
    'a:80:80',
    'a:65536',
    'a:999999',
    'a:-1',
    '::1',
    '[::1',
    '[::1]x',
    '[::1]:x',
    '[]',
    '[a.x]',
    '[::1%25eth0]',
    '*',
    '*.x',
    `${longest}a`,
    'a'.repeat(100_000),
  ];
  for (const field of invalid) {
    it(`refuses ${JSON.stringify(field.slice(0, 40))}`, () => assert.equal(normaliseHost(field), undefined));
  }
});
