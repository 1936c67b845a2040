// Certificates and keys are read where a fault can be told of, and get names that change with their text.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createPemBook } from '../../../../src/control-plane/certificates/create-pem-book.ts';
import { newTls } from '../../../support/tls-material.ts';

const folder = mkdtempSync(join(tmpdir(), 'berth-pem-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string | Buffer) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const { certificate, privateKey } = newTls().defaultCertificate;
const other = newTls().defaultCertificate;

test('a file, or PEM itself, gets a name that changes with the text', () => {
  const texts = new Map<string, string>();
  const book = createPemBook((name, text) => texts.set(name, text));
  const path = file('ca.pem', certificate);
  const first = book.certificates(path);
  assert.ok('name' in first);
  assert.ok(first.name.startsWith(`${path}#`));
  assert.equal(texts.get(first.name), certificate);
  assert.deepEqual(book.certificates(path), first);
  file('ca.pem', certificate + other.certificate);
  assert.notDeepEqual(book.certificates(path), first);
  const pair = book.keyPair(certificate, file('key.pem', privateKey));
  assert.ok('key' in pair);
  assert.match(pair.cert, /^PEM#[0-9a-f]{16}$/);
  assert.equal(texts.get(pair.key), privateKey);
});

test('what cannot be used is said without a word of the text', () => {
  const book = createPemBook(() => assert.fail('nothing was read'));
  const secret = file('secret.txt', 's3cret');
  const cases: readonly (readonly [outcome: unknown, RegExp])[] = [
    [book.certificates(join(folder, 'none.pem')), /none\.pem cannot be read \(ENOENT\)/],
    [book.certificates('/dev/zero'), /is not a file/],
    [book.certificates(file('large.pem', Buffer.alloc(1024 * 1024 + 1))), /larger than 1 MiB/],
    [book.certificates(secret), /holds no certificate/],
    [book.certificates('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'), /cannot be read/],
    [book.keyPair(certificate, secret), /holds no private key/],
    [book.keyPair(certificate, other.privateKey), /is not the key of this certificate/],
  ];
  for (const [outcome, message] of cases) {
    assert.ok(typeof outcome === 'object' && outcome !== null && 'message' in outcome);
    assert.match(String(outcome.message), message);
    assert.doesNotMatch(JSON.stringify(outcome), /s3cret|AAAA|PRIVATE/);
  }
});
