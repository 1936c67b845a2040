// protocolOf: what a client speaks, at every length of its first bytes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protocolOf } from '../../../../src/data-plane/listeners/first-bytes.ts';

const cases = [
  { name: 'a request line', bytes: 'GET / HTTP/1.1\r\n', protocol: 'http1' },
  { name: 'one letter of a request line', bytes: 'G', protocol: 'http1' },
  { name: 'a method that begins like the preface', bytes: 'PROPFIND / HTTP/1.1', protocol: 'http1' },
  { name: 'POST', bytes: 'PO', protocol: 'http1' },
  { name: 'too little of a preface', bytes: 'PRI * HTTP/', protocol: undefined },
  { name: 'one letter that may become either', bytes: 'P', protocol: undefined },
  { name: 'a preface', bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', protocol: 'http2' },
  { name: 'a TLS handshake record', bytes: '\x16\x03\x01', protocol: 'tls' },
  { name: 'anything else', bytes: '\0', protocol: 'http1' },
] as const;

for (const { name, bytes, protocol } of cases) {
  test(name, () => assert.equal(protocolOf(Buffer.from(bytes, 'latin1')), protocol));
}
