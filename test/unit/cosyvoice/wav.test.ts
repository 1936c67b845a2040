// WAVE files as people record them, and as they get broken.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeWav, parseWav } from '../../cosyvoice/wav.ts';

const HALF = 0.5;

describe('parseWav', () => {
  for (const { name, tag, bits, write } of [
    { name: '8-bit', tag: 1, bits: 8, write: (to: Buffer, at: number) => to.writeUInt8(192, at) },
    { name: '16-bit', tag: 1, bits: 16, write: (to: Buffer, at: number) => to.writeInt16LE(16_384, at) },
    { name: '24-bit', tag: 1, bits: 24, write: (to: Buffer, at: number) => to.writeIntLE(4_194_304, at, 3) },
    {
      name: '32-bit',
      tag: 1,
      bits: 32,
      write: (to: Buffer, at: number) => to.writeInt32LE(1_073_741_824, at),
    },
    { name: 'float', tag: 3, bits: 32, write: (to: Buffer, at: number) => to.writeFloatLE(HALF, at) },
  ]) {
    it(`reads ${name} stereo as mono`, () => {
      const data = Buffer.alloc((bits / 8) * 2 * 10);
      for (let at = 0; at < data.length; at += bits / 8) write(data, at);
      const { samples, sampleRate } = parseWav(wav({ tag, bits, channels: 2, data }));
      assert.equal(sampleRate, 16_000);
      assert.deepEqual([...samples], Array(10).fill(HALF));
    });
  }

  it('reads back what encodeWav wrote', () => {
    const pcm = Buffer.from(Int16Array.of(0, 100, -100, 32_767, -32_768).buffer);
    const { samples, sampleRate } = parseWav(encodeWav(pcm, 24_000));
    assert.equal(sampleRate, 24_000);
    assert.deepEqual(
      [...samples].map((sample) => sample * 32_768),
      [0, 100, -100, 32_767, -32_768],
    );
  });

  it('skips chunks that it does not know, padded ones too', () => {
    const data = Buffer.from(Int16Array.of(16_384).buffer);
    const extra = Buffer.concat([Buffer.from('LIST'), Buffer.from([3, 0, 0, 0]), Buffer.from('abc\0')]);
    assert.equal(parseWav(wav({ tag: 1, bits: 16, channels: 1, data, extra })).samples[0], HALF);
  });

  for (const { name, bytes } of [
    { name: 'nothing', bytes: Buffer.alloc(0) },
    { name: 'an MP3', bytes: Buffer.from('ID3\x04\0\0\0\0\0\0\0\0\0\0\0\0') },
    { name: 'no data chunk', bytes: encodeWav(Buffer.alloc(0), 24_000).subarray(0, 36) },
    { name: 'an unknown sample format', bytes: wav({ tag: 7, bits: 8, channels: 1, data: Buffer.alloc(4) }) },
    { name: 'no channels', bytes: wav({ tag: 1, bits: 16, channels: 0, data: Buffer.alloc(4) }) },
  ]) {
    it(`refuses ${name}`, () => {
      assert.throws(() => parseWav(bytes));
    });
  }
});

interface Parts {
  readonly tag: number;
  readonly bits: number;
  readonly channels: number;
  readonly data: Buffer;
  readonly extra?: Buffer;
}

function wav({ tag, bits, channels, data, extra = Buffer.alloc(0) }: Parts): Buffer {
  const head = encodeWav(data, 16_000).subarray(0, 36);
  head.writeUInt16LE(tag, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt16LE(bits, 34);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([head, extra, Buffer.from('data'), size, data]);
}
