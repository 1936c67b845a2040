// What lines of the access log are made of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isoTime } from '../../../src/observability/iso-time.ts';
import { quoteText } from '../../../src/observability/quote-text.ts';

test('times are those of Date, in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4_000_000_000_000 })), (times) => {
      for (const ms of times.flatMap((at) => [at, at + 1, at + 999])) {
        assert.equal(isoTime(ms), new Date(ms).toISOString());
      }
    }),
  );
});

test('quoted text is JSON of the same value, in characters that act on no terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const quoted = quoteText(text);
      assert.equal(JSON.parse(quoted), text);
      for (const character of quoted) {
        const code = character.codePointAt(0) ?? 0;
        assert.ok(code >= 32 && (code < 127 || code > 159), `U+${code.toString(16)}`);
      }
    }),
  );
});
