// Which voice and which language a request gets.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { analyseSpeech } from '../../cosyvoice/is-speech.ts';
import { createSpeech, type Speech } from '../../cosyvoice/speech.ts';
import { createTakes } from '../../cosyvoice/takes.ts';
import { chooseVoice, spokenPart } from '../../cosyvoice/voice.ts';
import { parseWav } from '../../cosyvoice/wav.ts';
import { recording } from '../../support/cosyvoice-replica.ts';

const ANN = { name: 'ann' };

describe('chooseVoice', () => {
  for (const { text, instruction, language } of [
    { text: 'Hello there.', language: 'en-us' },
    { text: '你好', language: 'cmn' },
    { text: '你好', instruction: '请用广东话表达。', language: 'yue' },
    { text: '元気ですか', language: 'ja' },
    { text: '안녕하세요', language: 'ko' },
    { text: 'Привет', language: 'ru' },
    { text: 'Schöne Grüße', language: 'de' },
    { text: '<|yue|>你好', language: 'yue' },
    { text: '你是一个助手。<|endofprompt|>Hello there.', language: 'en-us' },
  ]) {
    it(`speaks ${language}: ${text}`, () => {
      assert.equal(chooseVoice(ANN, text, instruction).language, language);
    });
  }

  it('follows an instruction to hurry or to slow down', () => {
    const rate = (instruction?: string): number => chooseVoice(ANN, 'Hello', instruction).rate;
    assert.ok(rate('请用尽可能快地语速说') > rate());
    assert.ok(rate('Speak slowly.') < rate());
  });

  it('gives the same recording the same voice, and a high one a higher', () => {
    const voice = (hertz: number): ReturnType<typeof chooseVoice> =>
      chooseVoice({ recording: parseWav(recording(2, 24_000, hertz)) }, 'Hello');
    assert.deepEqual(voice(120), voice(120));
    assert.match(voice(120).variant, /^m/);
    assert.match(voice(230).variant, /^f/);
  });
});

describe('spokenPart', () => {
  for (const { text, spoken } of [
    { text: 'You are a helpful assistant.<|endofprompt|>Hello', spoken: 'Hello' },
    { text: '<|en|>Hello [breath]there', spoken: 'Hello  there' },
    { text: 'a <strong>b</strong>', spoken: 'a  b' },
    { text: 'a < b | c > d', spoken: 'a < b | c > d' },
  ]) {
    it(`leaves the tags out of: ${text}`, () => {
      assert.equal(spokenPart(text), spoken);
    });
  }
});

describe('createSpeech', () => {
  let speech: Speech;
  before(async () => {
    speech = await createSpeech();
  });
  const voice = { language: 'en-us', variant: 'f3', pitch: 50, rate: 175 };
  const sentence = 'It says the same thing in the same way, whatever was said before.';

  it('gives the same samples whatever it said in between', () => {
    const first = speech.render(sentence, voice);
    speech.render('別の言葉', { ...voice, language: 'ja', pitch: 80 });
    speech.render(`${sentence} `.repeat(40), { ...voice, rate: 120 });
    assert.deepEqual(speech.render(sentence, voice), first);
    assert.deepEqual(speech.render(sentence, voice), first);
  });

  it('gets higher with the pitch and longer with a lower rate', () => {
    const say = (change: object): Buffer => {
      const samples = speech.render(sentence, { ...voice, ...change });
      return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    };
    const pitch = (pcm: Buffer): number =>
      analyseSpeech(pcm, { sampleRate: speech.sampleRate }).medianPitchHertz;
    assert.ok(pitch(say({ pitch: 90 })) > pitch(say({ pitch: 20 })) * 1.2);
    assert.ok(say({ rate: 120 }).length > say({}).length * 1.2);
  });

  it('refuses a voice that it has not', () => {
    assert.throws(() => speech.render(sentence, { ...voice, language: 'tlh' }), /tlh/);
  });

  it('is asked only once for the same text, until its room is needed', () => {
    let asked = 0;
    const counting: Speech = {
      sampleRate: speech.sampleRate,
      render: (text, wanted) => {
        asked += 1;
        return speech.render(text, wanted);
      },
    };
    const takes = createTakes(counting, 300_000);
    for (const seed of [1, 2, 3]) takes.read(sentence, voice, seed);
    assert.equal(asked, 1);
    for (const text of ['One more.', 'And another one.', sentence.repeat(2)]) takes.read(text, voice, 1);
    takes.read(sentence, voice, 1);
    assert.equal(asked, 5);
  });
});
