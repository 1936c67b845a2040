// The expected groups were worked out by hand from CosyVoice's split_paragraph.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { splitSentences } from '../../cosyvoice/sentences.ts';

const WORDS = 'one two three four five six seven eight nine ten eleven twelve thirteen';

describe('splitSentences', () => {
  for (const { name, text, groups } of [
    { name: 'closes an open end', text: 'Hello', groups: ['Hello.'] },
    { name: 'closes a Chinese one in Chinese', text: '你好，', groups: ['你好。'] },
    { name: 'keeps short sentences together', text: 'One. Two! Three?', groups: ['One. Two! Three?'] },
    {
      name: 'keeps a quote with its sentence',
      text: 'He said "go." And so.',
      groups: ['He said "go." And so.'],
    },
    { name: 'drops stops of their own', text: 'Wait... what', groups: ['Wait. what.'] },
    { name: 'says nothing of punctuation alone', text: '?!', groups: [] },
    { name: 'never splits tagged text', text: `<|en|>${`${WORDS}. `.repeat(9)}`, groups: 1 },
    { name: 'splits long English by tokens', text: `${WORDS}. `.repeat(8), groups: 2 },
    {
      name: 'splits long Chinese by characters',
      text: '春天来了花儿都开了鸟儿在枝头歌唱孩子们在田野奔跑。'.repeat(6),
      groups: 2,
    },
  ]) {
    it(name, () => {
      const found = splitSentences(text);
      if (typeof groups === 'number') assert.equal(found.length, groups, found.join('|'));
      else assert.deepEqual(found, groups);
    });
  }

  it('loses nothing of a long text', () => {
    const text = `${WORDS}. ${WORDS}! ${WORDS}? `.repeat(7).trim();
    assert.equal(splitSentences(text).join(''), text);
  });

  it('merges a short rest into the group before it', () => {
    const groups = splitSentences(`${`${WORDS}. `.repeat(8)}The end.`);
    assert.equal(groups.length, 2);
    assert.ok(groups.at(-1)?.endsWith('The end.'));
  });

  it('fails on blank text, as the original does', () => {
    assert.throws(() => splitSentences('  '));
  });
});
