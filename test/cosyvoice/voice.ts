// Chooses how a request sounds: the language from the text, the speaker from the recording or the name given, the
// speed from the instruction. Pure: the same input always gives the same voice, in every replica.

import { createHash } from 'node:crypto';
import { medianPitch } from './pitch.ts';
import type { Voice } from './speech.ts';
import type { Wav } from './wav.ts';

/** Who speaks: a known speaker, or whoever speaks in a recording. */
export type Speaker = { readonly name: string } | { readonly recording: Wav };

/** The speakers that CosyVoice-300M-SFT is shipped with. */
export const SHIPPED_SPEAKERS: readonly string[] = [
  '中文女',
  '中文男',
  '日语男',
  '粤语女',
  '英文女',
  '英文男',
  '韩语女',
];

const FEMALE = ['f1', 'f2', 'f3', 'f4', 'f5'] as const;
const MALE = ['m1', 'm3', 'm4', 'm5', 'm7', 'm8'] as const;
/** Adult voices of women lie above, of men below. */
const FEMALE_ABOVE_HERTZ = 165;
const NORMAL_RATE = 175;

/** CosyVoice's language tags (`<|en|>`) as espeak-ng calls the languages. */
const TAGGED: Readonly<Record<string, string>> = { zh: 'cmn', en: 'en-us', jp: 'ja', yue: 'yue', ko: 'ko' };

/** Scripts that decide the language, in this order: Japanese also has Han characters. */
const SCRIPTS: readonly (readonly [RegExp, string])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Han}/u, 'cmn'],
  [/\p{Script=Cyrillic}/u, 'ru'],
  [/[äöüß]/iu, 'de'],
  [/[ñ¿¡]/iu, 'es'],
  [/[çœêèàù]/iu, 'fr'],
];

/** The voice of a request; the instruction may ask for another speed or for Cantonese, as CosyVoice's may. */
export function chooseVoice(speaker: Speaker, text: string, instruction = ''): Voice {
  const who = 'name' in speaker ? namedSpeaker(speaker.name) : recordedSpeaker(speaker.recording);
  const language = chooseLanguage(text);
  const cantonese = language === 'cmn' && /广东话|粤语|cantonese/i.test(instruction);
  return { ...who, language: cantonese ? 'yue' : language, rate: chooseRate(instruction) };
}

/** What is spoken of a text: no `<|tag|>`, no `[breath]`, nothing of an instruction before `<|endofprompt|>`. */
export function spokenPart(text: string): string {
  const marker = '<|endofprompt|>';
  const start = text.lastIndexOf(marker);
  return (start === -1 ? text : text.slice(start + marker.length))
    .replaceAll(/<\|[^|]*\|>/g, ' ')
    .replaceAll(/<\/?(?:strong|laughter)>/g, ' ')
    .replaceAll(/\[[a-z_-]+\]/g, ' ')
    .trim();
}

function chooseLanguage(text: string): string {
  const tag = /<\|(zh|en|jp|yue|ko)\|>/.exec(text)?.[1];
  const tagged = tag === undefined ? undefined : TAGGED[tag];
  return tagged ?? SCRIPTS.find(([script]) => script.test(spokenPart(text)))?.[1] ?? 'en-us';
}

function chooseRate(instruction: string): number {
  if (/\bslow|慢/i.test(instruction)) return Math.round(NORMAL_RATE * 0.75);
  if (/\bfast|\bquick|快速|语速快|尽可能快/i.test(instruction)) return Math.round(NORMAL_RATE * 1.35);
  return NORMAL_RATE;
}

function namedSpeaker(name: string): Pick<Voice, 'variant' | 'pitch'> {
  const digest = createHash('sha256').update(name).digest();
  const female =
    /女|female|woman/i.test(name) || (!/男|\bmale|\bman\b/i.test(name) && digest.readUInt8(2) > 127);
  return fromDigest(digest, female);
}

function recordedSpeaker({ samples, sampleRate }: Wav): Pick<Voice, 'variant' | 'pitch'> {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  const pitch = medianPitch(samples, sampleRate) ?? 0;
  return fromDigest(createHash('sha256').update(bytes).digest(), pitch > FEMALE_ABOVE_HERTZ);
}

function fromDigest(digest: Buffer, female: boolean): Pick<Voice, 'variant' | 'pitch'> {
  const variants = female ? FEMALE : MALE;
  return {
    variant: variants[digest.readUInt8(0) % variants.length] ?? variants[0],
    pitch: 35 + (digest.readUInt8(1) % 31),
  };
}
