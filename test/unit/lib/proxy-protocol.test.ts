// The header of the PROXY protocol, in both versions: what is written, what is read, and that nothing breaks the reader.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ProxiedEnds, readProxyHeader, writeProxyHeader } from '../../../src/lib/proxy-protocol.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const ends = (from: string, to: string): ProxiedEnds => ({
  source: { address: from, port: 56_324 },
  destination: { address: to, port: 443 },
});

const written: readonly (readonly [string, ProxiedEnds, string, string])[] = [
  [
    'IPv4',
    ends('192.0.2.1', '198.51.100.7'),
    'PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n',
    '2111000cc0000201c6336407dc0401bb',
  ],
  [
    'IPv6',
    ends('2001:db8::1', '::1'),
    'PROXY TCP6 2001:db8:0:0:0:0:0:1 0:0:0:0:0:0:0:1 56324 443\r\n',
    '2121002420010db800000000000000000000000100000000000000000000000000000001dc0401bb',
  ],
  [
    'IPv4 to IPv6',
    ends('192.0.2.1', '::1'),
    'PROXY TCP6 0:0:0:0:0:ffff:c000:201 0:0:0:0:0:0:0:1 56324 443\r\n',
    '2121002400000000000000000000ffffc000020100000000000000000000000000000001dc0401bb',
  ],
];
for (const [name, both, text, hex] of written) {
  test(`${name} is written as the specification has it, and read back`, () => {
    assert.equal(writeProxyHeader(1, both).toString('latin1'), text);
    assert.equal(writeProxyHeader(2, both).toString('hex'), `0d0a0d0a000d0a515549540a${hex}`);
    for (const version of [1, 2] as const) {
      const header = writeProxyHeader(version, both);
      const reading = readProxyHeader(Buffer.concat([header, latin1('GET /')]));
      assert.deepEqual(reading, { state: 'header', length: header.length, ends: both });
      for (let length = 1; length < header.length; length++) {
        assert.deepEqual(readProxyHeader(header.subarray(0, length)), { state: 'incomplete' });
      }
    }
  });
}

test('ends that are no addresses are not told of', () => {
  const unknown = ends('', '192.0.2.1');
  assert.equal(writeProxyHeader(1, unknown).toString('latin1'), 'PROXY UNKNOWN\r\n');
  for (const version of [1, 2] as const) {
    const header = writeProxyHeader(version, unknown);
    assert.deepEqual(readProxyHeader(header), { state: 'header', length: header.length });
  }
});

const signature = '\r\n\r\n\0\r\nQUIT\n';
const longLine = `PROXY TCP4 ${'1'.repeat(100)}`;
const readings: readonly (readonly [string, string, 'header' | 'none' | 'incomplete' | 'malformed'])[] = [
  ['a request', 'GET / HTTP/1.1\r\n', 'none'],
  ['a method that begins alike', 'PROPFIND / HTTP/1.1\r\n', 'none'],
  ['TLS', '\x16\x03\x01', 'none'],
  ['an empty line', '\r\n', 'incomplete'],
  ['empty lines before a request', '\r\n\r\nGET', 'none'],
  ['an unknown connection with more behind it', 'PROXY UNKNOWN ffff::1 x 1 2\r\n', 'header'],
  ['a line without end', longLine, 'malformed'],
  ['an unknown family', 'PROXY TCP5 1.1.1.1 2.2.2.2 1 2\r\n', 'malformed'],
  ['an address of the other family', 'PROXY TCP4 ::1 2.2.2.2 1 2\r\n', 'malformed'],
  ['a legacy spelling', 'PROXY TCP4 010.0.0.1 2.2.2.2 1 2\r\n', 'malformed'],
  ['a port too high', 'PROXY TCP4 1.1.1.1 2.2.2.2 1 65536\r\n', 'malformed'],
  ['too few words', 'PROXY TCP4 1.1.1.1 2.2.2.2 1\r\n', 'malformed'],
  ['too many words', 'PROXY TCP4 1.1.1.1 2.2.2.2 1 2 3\r\n', 'malformed'],
  ['version 3', `${signature}\x31\x11\0\x0c`, 'malformed'],
  ['an unknown command', `${signature}\x22\x11\0\x0c`, 'malformed'],
  ['an unknown family', `${signature}\x21\x41\0\0`, 'malformed'],
  ['addresses that are too short', `${signature}\x21\x11\0\x04abcd`, 'malformed'],
  ['a length beyond all reason', `${signature}\x21\x11\xff\xff`, 'malformed'],
  ['a socket of UNIX', `${signature}\x21\x31\0\x01x`, 'header'],
  ['more behind the addresses', `${signature}\x21\x11\0\x0f${'\x01'.repeat(15)}`, 'header'],
];
for (const [name, text, state] of readings) {
  test(`${name}: ${state}`, () => assert.equal(readProxyHeader(latin1(text)).state, state));
}

test('whatever comes is read without an exception, and a header is never longer than what came', () => {
  const starts = fc.constantFrom('', 'PROXY ', 'PROXY TCP4 ', `${signature}\x21`, `${signature}\x21\x21`);
  fc.assert(
    fc.property(starts, fc.uint8Array({ minLength: 1, maxLength: 200 }), (start, more) => {
      const bytes = Buffer.concat([latin1(start), more]);
      const reading = readProxyHeader(bytes);
      assert.ok(reading.state !== 'header' || reading.length <= bytes.length);
    }),
  );
});
