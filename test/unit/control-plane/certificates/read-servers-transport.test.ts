import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readServersTransport } from '../../../../src/control-plane/certificates/read-servers-transport.ts';
import type { PemFault } from '../../../../src/model/pem-reader.ts';
import { loopbackCertificate } from '../../../support/loopback-certificate.ts';

const usual = { insecureSkipVerify: false, dialTimeoutMs: 30_000 };

test('authorities that cannot be read are told of, and the others are trusted', () => {
  const faults: PemFault[] = [];
  const read = (rootCAs: readonly string[]) =>
    readServersTransport({ ...usual, rootCAs }, (fault) => faults.push(fault)).ca;
  assert.deepEqual(read([loopbackCertificate, '/nowhere/ca.pem']), [loopbackCertificate]);
  assert.match(faults[0]?.message ?? '', /\/nowhere\/ca\.pem cannot be read/);
  assert.deepEqual(read(['/nowhere/ca.pem']), [], 'and never the usual ones');
  assert.equal(readServersTransport(usual, () => {}).ca, undefined);
});
