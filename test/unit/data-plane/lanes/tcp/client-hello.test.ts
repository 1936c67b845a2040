// The reader of ClientHellos: the hellos of OpenSSL and of RFC 8446, whole and in pieces, and everything that is none.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type HelloReading,
  maxHelloBytes,
  readClientHello,
} from '../../../../../src/data-plane/lanes/tcp/client-hello.ts';

const u16 = (value: number): number[] => [value >> 8, value & 0xff];
const vector8 = (bytes: readonly number[]): number[] => [bytes.length, ...bytes];
const vector16 = (bytes: readonly number[]): number[] => [...u16(bytes.length), ...bytes];
const text = (value: string): number[] => [...Buffer.from(value, 'latin1')];
const extension = (type: number, data: readonly number[]): number[] => [...u16(type), ...vector16(data)];

const nameOf = (...names: readonly string[]): number[] =>
  extension(0, vector16(names.flatMap((name) => [0, ...vector16(text(name))])));
const alpnOf = (...protocols: readonly string[]): number[] =>
  extension(16, vector16(protocols.flatMap((protocol) => vector8(text(protocol)))));

type Parts = {
  readonly session?: readonly number[];
  readonly suites?: readonly number[];
  readonly extensions?: readonly number[] | undefined;
};

/** A handshake message; without `extensions` it ends before them, as TLS 1.2 allows. */
function message({ session = [], suites = [0x13, 0x01], extensions }: Parts): number[] {
  const body = [
    ...[3, 3, ...new Array<number>(32).fill(7)],
    ...vector8(session),
    ...vector16(suites),
    ...vector8([0]),
    ...(extensions === undefined ? [] : vector16(extensions)),
  ];
  return [1, 0, ...u16(body.length), ...body];
}

/** The message in records of at most `size` bytes. */
function records(bytes: readonly number[], size = 16_384): Buffer {
  const parts: number[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.slice(at, at + size);
    parts.push(0x16, 3, 1, ...vector16(part));
  }
  return Buffer.from(parts);
}

const grease = 0x2a2a;
const usual = message({
  session: new Array<number>(32).fill(9),
  suites: [...u16(grease), 0x13, 0x01],
  extensions: [
    ...extension(grease, []),
    ...nameOf('DB.Example.com'),
    // ECH: its outer form is opaque.
    ...extension(0xfe0d, new Array<number>(200).fill(1)),
    ...alpnOf('\x2a\x2a', 'h2', 'postgresql'),
    ...extension(grease + 0x1010, [0]),
  ],
});
const read: HelloReading = {
  state: 'hello',
  hello: { serverName: 'db.example.com', protocols: ['\x2a\x2a', 'h2', 'postgresql'] },
};

describe('readClientHello', () => {
  it('reads name and protocols, whatever stands behind the hello', () => {
    assert.deepEqual(readClientHello(records(usual)), read);
    assert.deepEqual(readClientHello(Buffer.concat([records(usual), Buffer.from('early data')])), read);
  });

  it('reads a hello without extensions, without a name, and one with a dot at its end', () => {
    const nobody = { state: 'hello', hello: { serverName: '', protocols: [] } };
    assert.deepEqual(readClientHello(records(message({}))), nobody);
    assert.deepEqual(readClientHello(records(message({ extensions: [] }))), nobody);
    const dotted = readClientHello(records(message({ extensions: nameOf('a.test.') })));
    assert.equal(dotted.state === 'hello' && dotted.hello.serverName, 'a.test');
  });

  it('asks for more at every cut, for no more than there is, however the hello lies in its records', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 400 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (size, share) => {
          const whole = records(usual, size);
          const cut = Math.floor(share * (whole.length - 1));
          const reading = readClientHello(whole.subarray(0, cut));
          assert.equal(reading.state, 'incomplete');
          const needs = reading.state === 'incomplete' ? reading.needs : 0;
          assert.ok(needs > cut && needs <= whole.length);
          assert.deepEqual(readClientHello(whole), read);
        },
      ),
    );
  });

  const broken: readonly (readonly [name: string, bytes: Buffer])[] = [
    ['another message', records([2, ...usual.slice(1)])],
    ['an empty record', Buffer.from([0x16, 3, 1, 0, 0])],
    ['a record of another version', Buffer.from([0x16, 2, 0, 0, 1, 1])],
    [
      'an alert between its records',
      Buffer.concat([records(usual, 100).subarray(0, 105), Buffer.from([21, 3, 1, 0, 2])]),
    ],
    ['a record that is too long', Buffer.from([0x16, 3, 1, 0x40, 1])],
    ['a message that is too long', records([1, 0, ...u16(maxHelloBytes + 1)])],
    ['a record for each byte', records(usual, 1)],
    ['a session id that is too long', records(message({ session: new Array<number>(33).fill(0) }))],
    ['half a cipher suite', records(message({ suites: [1, 2, 3] }))],
    ['two names', records(message({ extensions: nameOf('a.test', 'b.test') }))],
    ['two extensions of names', records(message({ extensions: [...nameOf('a.test'), ...nameOf('b.test')] }))],
    ['an empty name', records(message({ extensions: nameOf('') }))],
    ['an empty list of names', records(message({ extensions: extension(0, [0, 0]) }))],
    ['an empty protocol', records(message({ extensions: alpnOf('h2', '') }))],
    [
      'bytes behind the list of names',
      records(message({ extensions: extension(0, [...vector16([0, 0, 1, 97]), 0]) })),
    ],
    [
      'a name that is longer than its list',
      records(message({ extensions: extension(0, [0, 4, 0, 0, 9, 97]) })),
    ],
    ['bytes behind the extensions', records([1, 0, ...u16(usual.length - 3), ...usual.slice(4), 0])],
  ];
  for (const [name, bytes] of broken) {
    it(`refuses ${name}`, () => assert.equal(readClientHello(bytes).state, 'malformed'));
  }

  it('never throws and never asks without end, whatever lengths stand in a hello', () => {
    const whole = records(usual);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (changes) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes[at] = value;
          judge(bytes);
        },
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => judge(Buffer.from([0x16, 3, ...bytes]))),
    );
  });
});

function judge(bytes: Buffer): void {
  const reading = readClientHello(bytes);
  if (reading.state !== 'incomplete') return;
  assert.ok(reading.needs > bytes.length && reading.needs <= maxHelloBytes);
}
