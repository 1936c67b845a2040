// The speech check must pass real speech of every language and voice, and must not pass what only sounds like audio.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { analyseSpeech, isSpeech, plausibleSeconds } from '../../cosyvoice/is-speech.ts';
import { createSpeech } from '../../cosyvoice/speech.ts';
import { createTakes, seededRandom, type Takes } from '../../cosyvoice/takes.ts';
import { chooseVoice, SHIPPED_SPEAKERS } from '../../cosyvoice/voice.ts';

const RATE = 24_000;
const TEXT = 'The quick brown fox jumps over the lazy dog, and then it runs away into the forest.';
const TEXTS = [
  'Hello world.',
  TEXT,
  '收到好友从远方寄来的生日礼物，那份意外的惊喜与深深的祝福让我心中充满了甜蜜的快乐。',
  'こんにちは、おげんきですか。',
  '안녕하세요 반갑습니다',
  'Guten Tag, schöne Grüße aus Köln.',
  'Привет, как дела сегодня?',
];

describe('analyseSpeech', () => {
  let takes: Takes;
  before(async () => {
    takes = createTakes(await createSpeech());
  });
  const say = (text: string, name = '英文女', seed = 1): Buffer =>
    takes.read(text, chooseVoice({ name }, text), seed);

  for (const text of TEXTS) {
    it(`accepts every speaker saying: ${text}`, () => {
      for (const [seed, name] of SHIPPED_SPEAKERS.entries()) {
        assert.deepEqual(analyseSpeech(say(text, name, seed), { text }).reasons, [], name);
      }
    });
  }

  for (const { name, sample } of [
    { name: 'silence', sample: () => 0 },
    { name: 'white noise', sample: noise() },
    { name: 'noise in bursts', sample: bursts(noise()) },
    { name: 'a pure tone', sample: tone(200) },
    { name: 'a tone in beeps', sample: bursts(tone(200)) },
    { name: 'a hum with harmonics', sample: (second: number) => 0.4 * (2 * ((second * 120) % 1) - 1) },
  ]) {
    it(`rejects ${name}`, () => {
      assert.equal(analyseSpeech(synthesise(5, sample)).isSpeech, false);
    });
  }

  it('rejects speech under as much noise', () => {
    const speech = say(TEXT);
    const random = noise();
    for (let at = 0; at < speech.length; at += 2) {
      speech.writeInt16LE(
        Math.max(-32_768, Math.min(32_767, speech.readInt16LE(at) + random() * 20_000)),
        at,
      );
    }
    assert.equal(analyseSpeech(speech).isSpeech, false);
  });

  it('rejects speech that was torn off, wherever', () => {
    const speech = say(TEXT);
    for (const share of [0.1, 0.25, 0.5, 0.6]) {
      const part = speech.subarray(0, Math.floor((speech.length * share) / 2) * 2);
      assert.equal(isSpeech(part, TEXT), false, `${share}`);
    }
    // In the middle of the last vowel: the length is plausible, the ending is not.
    const torn = speech.subarray(0, speech.length - RATE * 2 * 0.35);
    assert.deepEqual(analyseSpeech(torn, { text: TEXT }).reasons, ['it breaks off']);
  });

  it('rejects an odd number of bytes, and none at all', () => {
    assert.equal(analyseSpeech(say(TEXT).subarray(1)).isSpeech, false);
    assert.equal(analyseSpeech(Buffer.alloc(0)).isSpeech, false);
  });

  it('rejects the speech of another, much longer text', () => {
    assert.equal(isSpeech(say(TEXT), 'Hello world.'), false);
    assert.equal(isSpeech(say('Hello world.'), TEXT), false);
  });

  it('rejects speech whose bytes lost their order', () => {
    assert.equal(analyseSpeech(say(TEXT).swap16()).isSpeech, false);
  });

  it('expects time in proportion to what is spoken, tags aside', () => {
    assert.deepEqual(plausibleSeconds(`<|en|>${TEXT}`), plausibleSeconds(TEXT));
    assert.ok(plausibleSeconds(TEXT + TEXT).from > plausibleSeconds(TEXT).from * 1.9);
  });
});

type Signal = (second: number) => number;

function synthesise(seconds: number, signal: Signal): Buffer {
  const pcm = Buffer.alloc(seconds * RATE * 2);
  for (let index = 0; index < pcm.length / 2; index++) {
    pcm.writeInt16LE(Math.round(signal(index / RATE) * 16_000), index * 2);
  }
  return pcm;
}

function noise(): () => number {
  const random = seededRandom(3);
  return () => random() * 2 - 1;
}

function tone(hertz: number): Signal {
  return (second) => Math.sin(2 * Math.PI * hertz * second);
}

/** Four a second, as many as syllables, with an ending. */
function bursts(signal: Signal): Signal {
  return (second) => (second % 0.25 < 0.15 && second < 4.9 ? signal(second) : 0);
}
