// Tells speech from silence, noise, tones and torn-off audio by what speech is physically: syllables and pauses,
// vowels that have a moving pitch beside consonants that have none, a low spectrum, an ending. Pure.

import { framePitch, toPitchRate } from './pitch.ts';

export interface SpeechReport {
  readonly isSpeech: boolean;
  /** Why it is none, in words; empty when it is. */
  readonly reasons: readonly string[];
  readonly seconds: number;
  /** Root mean square, 0 to 1. */
  readonly level: number;
  /** How much the level moves from frame to frame: standard deviation by mean. */
  readonly levelVariation: number;
  /** Share of the audible frames that have a pitch. */
  readonly voicedShare: number;
  readonly medianPitchHertz: number;
  /** Distance of the upper from the lower quartile of the pitch, in semitones. */
  readonly pitchSpread: number;
  /** Correlation of neighbouring samples: 0 for white noise, near 1 for a low spectrum. */
  readonly smoothness: number;
  /** How much the share of zero crossings moves between frames: vowels have few, hissing consonants many. */
  readonly crossingVariation: number;
}

export interface SpeechOptions {
  /** Default 24,000, CosyVoice's. */
  readonly sampleRate?: number;
  /** What should have been said; without it the length is not judged. */
  readonly text?: string;
}

/** Long enough for two periods of a low voice. */
const FRAME_SECONDS = 0.04;
const VOICED_STRENGTH = 0.55;
/** A frame this much below the loudest counts as a pause. */
const AUDIBLE_SHARE = 0.06;
const LIMITS = {
  level: 0.005,
  levelVariation: 0.35,
  voicedShare: 0.2,
  pitchSpread: 0.3,
  smoothness: 0.5,
  crossingVariation: 0.2,
  /** Level of the last 20 ms as a share of the whole: speech dies away, torn-off audio does not. */
  endLevel: 0.25,
} as const;
const END_SECONDS = 0.02;

/** Characters a second that are plausible: normal speech, 0.7 to 1.5 times as fast. */
const CJK_PACE = { from: 2.6, to: 7.5 } as const;
const LATIN_PACE = { from: 9, to: 25 } as const;
/** Pauses around short texts make up most of them, so this much may come on top. */
const SLACK_SECONDS = 0.5;

/** Judges s16le mono PCM, without a header. */
export function analyseSpeech(
  pcm: Uint8Array,
  { sampleRate = 24_000, text }: SpeechOptions = {},
): SpeechReport {
  const samples = toSamples(pcm);
  const frames = measureFrames(samples, sampleRate);
  const loudest = Math.max(0, ...frames.map((frame) => frame.level));
  const audible = frames.filter((frame) => frame.level > loudest * AUDIBLE_SHARE);
  const pitches = audible.filter((frame) => frame.strength > VOICED_STRENGTH).map((frame) => frame.hertz);
  const crossings = audible.map((frame) => frame.crossings);
  const found = {
    seconds: samples.length / sampleRate,
    level: rootMeanSquare(samples),
    levelVariation: variation(frames.map((frame) => frame.level)),
    voicedShare: audible.length === 0 ? 0 : pitches.length / audible.length,
    medianPitchHertz: quantile(pitches, 0.5),
    pitchSpread: pitches.length < 4 ? 0 : 12 * Math.log2(quantile(pitches, 0.75) / quantile(pitches, 0.25)),
    smoothness: neighbourCorrelation(samples),
    crossingVariation: variation(crossings),
  };
  const end = rootMeanSquare(samples.subarray(samples.length - Math.round(sampleRate * END_SECONDS)));
  const reasons: string[] = [];
  const demand = (holds: boolean, reason: string): void => {
    if (!holds) reasons.push(reason);
  };
  demand(pcm.length > 0 && pcm.length % 2 === 0, `${pcm.length} bytes are no whole number of samples`);
  demand(found.level >= LIMITS.level, 'silence');
  demand(found.levelVariation >= LIMITS.levelVariation, 'the level does not move as syllables do');
  demand(found.voicedShare >= LIMITS.voicedShare, 'hardly any frame has a pitch');
  demand(found.pitchSpread >= LIMITS.pitchSpread, 'the pitch does not move');
  demand(found.smoothness >= LIMITS.smoothness, 'the spectrum is as flat as noise');
  demand(found.crossingVariation >= LIMITS.crossingVariation, 'vowels and consonants do not alternate');
  demand(end <= found.level * LIMITS.endLevel, 'it breaks off');
  if (text !== undefined) reasons.push(...judgeLength(found.seconds, text));
  return { ...found, isSpeech: reasons.length === 0, reasons };
}

/** Whether PCM is speech that could be the text. */
export function isSpeech(pcm: Uint8Array, text: string, sampleRate = 24_000): boolean {
  return analyseSpeech(pcm, { sampleRate, text }).isSpeech;
}

/** The shortest and longest time that saying a text can plausibly take. */
export function plausibleSeconds(text: string): { readonly from: number; readonly to: number } {
  const spoken = text
    .replaceAll(/<\|[^|]*\|>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const cjk =
    spoken.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)?.length ?? 0;
  const other = [...spoken].length - cjk;
  return {
    from: Math.max(0, cjk / CJK_PACE.to + other / LATIN_PACE.to),
    to: cjk / CJK_PACE.from + other / LATIN_PACE.from + SLACK_SECONDS,
  };
}

interface Frame {
  readonly level: number;
  readonly hertz: number;
  readonly strength: number;
  readonly crossings: number;
}

function measureFrames(samples: Float32Array, sampleRate: number): readonly Frame[] {
  const reduced = toPitchRate(samples, sampleRate);
  const length = Math.round(sampleRate * FRAME_SECONDS);
  const reducedLength = Math.round(reduced.sampleRate * FRAME_SECONDS);
  const frames: Frame[] = [];
  for (let index = 0; (index + 1) * length <= samples.length; index++) {
    const frame = samples.subarray(index * length, (index + 1) * length);
    const pitched = reduced.samples.subarray(index * reducedLength, (index + 1) * reducedLength);
    const { hertz, strength } = framePitch(pitched, reduced.sampleRate);
    frames.push({ level: rootMeanSquare(frame), hertz, strength, crossings: crossingShare(frame) });
  }
  return frames;
}

function judgeLength(seconds: number, text: string): readonly string[] {
  const { from, to } = plausibleSeconds(text);
  if (seconds >= from && seconds <= to) return [];
  return [`${seconds.toFixed(2)} s is not between ${from.toFixed(2)} and ${to.toFixed(2)} s`];
}

function toSamples(pcm: Uint8Array): Float32Array {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const samples = new Float32Array(Math.floor(pcm.length / 2));
  for (let index = 0; index < samples.length; index++)
    samples[index] = view.getInt16(index * 2, true) / 32_768;
  return samples;
}

function rootMeanSquare(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

function crossingShare(frame: Float32Array): number {
  let crossings = 0;
  for (let index = 1; index < frame.length; index++) {
    if ((frame[index] ?? 0) >= 0 !== (frame[index - 1] ?? 0) >= 0) crossings++;
  }
  return crossings / frame.length;
}

function neighbourCorrelation(samples: Float32Array): number {
  let product = 0;
  let energy = 0;
  for (let index = 1; index < samples.length; index++) {
    product += (samples[index] ?? 0) * (samples[index - 1] ?? 0);
    energy += (samples[index] ?? 0) ** 2;
  }
  return energy === 0 ? 0 : product / energy;
}

function variation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return mean > 0 ? Math.sqrt(variance) / mean : 0;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}
