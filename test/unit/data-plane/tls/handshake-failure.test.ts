// Reasons of failed handshakes: few, whatever clients send.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHandshakeFailure } from '../../../../src/data-plane/tls/handshake-failure.ts';

for (const [code, expected] of [
  ['ECONNRESET', 'closed'],
  ['ERR_SSL_NO_SHARED_CIPHER', 'cipher'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'version'],
  ['ERR_SSL_NO_APPLICATION_PROTOCOL', 'protocol'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', 'refused'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'refused'],
  ['ERR_SSL_BAD_EXTENSION', 'malformed'],
  ['', 'malformed'],
  ['__proto__', 'malformed'],
] as const) {
  test(`${code || 'no code'} is ${expected}`, () => {
    assert.equal(toHandshakeFailure(code), expected);
  });
}
