// The certificate that the gateway makes itself, and the keys that do not grow old.
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createDefaultCertificate } from '../../../../src/control-plane/certificates/create-default-certificate.ts';
import { createKeyRing } from '../../../../src/control-plane/certificates/create-key-ring.ts';
import { integer, oid, time, utf8 } from '../../../../src/control-plane/certificates/der.ts';
import type { TlsMaterial } from '../../../../src/model/tls-material.ts';

const hex = (bytes: Buffer): string => bytes.toString('hex');

test('DER has short and long lengths, numbers above 127 and both forms of time', () => {
  assert.equal(hex(integer(Buffer.from([2]))), '020102');
  assert.equal(hex(utf8('a'.repeat(127))).slice(0, 4), '0c7f');
  assert.equal(hex(utf8('a'.repeat(128))).slice(0, 6), '0c8180');
  assert.equal(hex(utf8('a'.repeat(300))).slice(0, 8), '0c82012c');
  assert.equal(hex(oid('1.2.840.10045.4.3.2')), '06082a8648ce3d040302');
  assert.equal(time(new Date('2049-12-31T23:59:58Z')).toString('latin1'), '\x17\x0d491231235958Z');
  assert.equal(time(new Date('2050-01-01T00:00:00Z')).toString('latin1'), '\x18\x0f20500101000000Z');
});

test('the certificate is signed by its own key, for a year, for servers only', () => {
  const now = new Date('2026-03-01T12:00:00Z');
  const { certificate, privateKey } = createDefaultCertificate(now);
  const read = new X509Certificate(certificate);
  assert.equal(read.verify(read.publicKey), true);
  assert.equal(read.checkPrivateKey(createPrivateKey(privateKey)), true);
  assert.equal(read.subject, 'CN=BERTH DEFAULT CERT');
  assert.equal(read.ca, false);
  assert.deepEqual(read.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.equal(read.validFromDate.toISOString(), '2026-03-01T11:00:00.000Z');
  assert.equal(read.validToDate.toISOString(), '2027-03-01T12:00:00.000Z');
});

test('no two certificates are alike', () => {
  const made = [1, 2].map(() => new X509Certificate(createDefaultCertificate(new Date()).certificate));
  assert.equal(new Set(made.map(({ serialNumber }) => serialNumber)).size, 2);
  assert.equal(new Set(made.map(({ subjectAltName }) => subjectAltName)).size, 2);
});

test('ticket keys are replaced twice a day, the certificate before it ends', (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: Date.parse('2026-01-01T00:00:00Z') });
  const changes: TlsMaterial[] = [];
  const ring = createKeyRing((material) => changes.push(material));
  const first = ring.material();
  assert.equal(first.ticketKeys.length, 48);
  t.mock.timers.tick(24 * 3_600_000);
  assert.equal(changes.length, 2);
  assert.notDeepEqual(changes[0]?.ticketKeys, first.ticketKeys);
  assert.equal(changes[1]?.defaultCertificate, first.defaultCertificate);
  for (let day = 0; day < 340; day += 1) t.mock.timers.tick(24 * 3_600_000);
  assert.notEqual(ring.material().defaultCertificate, first.defaultCertificate);
  assert.ok(
    new X509Certificate(ring.material().defaultCertificate.certificate).validToDate.getTime() > Date.now(),
  );
  assert.equal(new Set(changes.map(({ defaultCertificate }) => defaultCertificate)).size, 2);
  ring.close();
  const before = changes.length;
  t.mock.timers.tick(24 * 3_600_000);
  assert.equal(changes.length, before);
});
