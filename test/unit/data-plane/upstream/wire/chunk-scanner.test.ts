// The scanner of chunked bodies: what it passes on means what came, and a flood of small chunks is passed on as one.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ChunkScanner } from '../../../../../src/data-plane/upstream/wire/chunk-scanner.ts';

type Scan = { readonly parts: readonly string[]; readonly end: number; readonly scanner: ChunkScanner };

/** Scans the pieces one after the other; `end` is what the last one gave. */
function scan(pieces: readonly string[], unwraps: boolean): Scan {
  const parts: string[] = [];
  const scanner = new ChunkScanner(
    { onChunkBytes: (bytes) => parts.push(bytes.toString('latin1')) },
    unwraps,
  );
  let end = 0;
  for (const piece of pieces) {
    end = scanner.scan(Buffer.from(piece, 'latin1'), 0);
    if (end < 0) break;
  }
  return { parts, end, scanner };
}

const chunkOf = (data: string) => `${data.length.toString(16)}\r\n${data}\r\n`;
const last = '0\r\n\r\n';

describe('a flood of small chunks', () => {
  const flood = chunkOf('x').repeat(10_000);

  it('is passed on as one chunk', () => {
    const { parts, scanner } = scan([flood + last], false);
    assert.deepEqual(parts, [chunkOf('x'.repeat(10_000))]);
    assert.equal(scanner.dataBytes, 10_000);
    assert.ok(scanner.isDone);
  });

  it('is passed on as its data where framing is not wanted', () => {
    assert.deepEqual(scan([flood + last], true).parts, ['x'.repeat(10_000)]);
  });

  it('is joined piece by piece as it comes', () => {
    const { parts } = scan([flood.slice(0, 6_001), flood.slice(6_001) + last], false);
    assert.ok(parts.length <= 4, `${parts.length} parts`);
    assert.equal(
      parts.join(''),
      chunkOf('x'.repeat(1_000)) + flood.slice(6_000, 6_006) + chunkOf('x'.repeat(8_999)),
    );
  });

  it('is joined behind bytes that are passed on as they are', () => {
    const { parts } = scan([`4\r\nab`, `cd\r\n${flood}`], false);
    assert.deepEqual(parts, ['4\r\nab', 'cd\r\n', chunkOf('x'.repeat(10_000))]);
  });

  it('ends where it is not plain any more', () => {
    for (const wrong of [
      '1\nx\r\n',
      '1\r\nxy\r\n',
      '1\r\nx\n',
      'g\r\n',
      '\r\n',
      `${'0'.repeat(13)}1\r\nx\r\n`,
    ]) {
      assert.equal(scan([flood + wrong], false).end, -1, JSON.stringify(wrong));
    }
  });
});

it('a few chunks, and large ones, keep the framing that they came in', () => {
  for (const body of [
    chunkOf('one') + chunkOf('two'),
    chunkOf('x'.repeat(1_000)).repeat(20),
    `00a\r\n${'x'.repeat(10)}\r\n`,
  ]) {
    assert.deepEqual(scan([body + last], false).parts, [body]);
  }
});

it('the data is the same, however it is chunked and cut', () => {
  const chunks = fc.array(
    fc.oneof(fc.string({ unit: fc.constantFrom('a', '\r', '\n', '0'), minLength: 1, maxLength: 40 })),
  );
  fc.assert(
    fc.property(chunks, fc.array(fc.nat({ max: 300 })), fc.boolean(), (datas, cuts, unwraps) => {
      const whole = datas.map(chunkOf).join('') + last;
      const pieces: string[] = [];
      let at = 0;
      for (const cut of cuts) {
        pieces.push(whole.slice(at, at + cut));
        at += cut;
      }
      pieces.push(whole.slice(at));
      const { parts, scanner } = scan(pieces.filter(Boolean), unwraps);
      assert.ok(scanner.isDone);
      const data = unwraps ? parts.join('') : scan([parts.join('') + last], true).parts.join('');
      assert.equal(data, datas.join(''));
      assert.equal(scanner.dataBytes, data.length);
    }),
  );
});
