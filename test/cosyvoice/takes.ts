// One reading of a sentence group: the synthesiser's samples at the model's rate, varied a little by a seed, as the
// real model samples a new reading for each request. Readings share one bounded cache of what they vary.

import type { Speech, Voice } from './speech.ts';

export interface Takes {
  /** s16le mono PCM at `sampleRate`. The same text, voice and seed always give the same bytes. */
  read(text: string, voice: Voice, seed: number): Buffer;
  /** Samples a second: 24,000, as CosyVoice2 and 3 give. */
  readonly sampleRate: number;
}

export const SAMPLE_RATE = 24_000;
/** About three minutes of speech; enough that a load test of a few texts costs nearly no CPU. */
const CACHE_BYTES = 8 * 1024 * 1024;
/** A take is up to this much faster and higher or slower and lower than another. */
const TEMPO_SPREAD = 0.03;
const GAIN_SPREAD = 0.2;
/** espeak-ng stops with the last sound; CosyVoice's groups end in a short silence, which parts the sentences. */
const ENDING_SECONDS = 0.15;

/** Keeps the most recent renderings; an entry is never wrong, as rendering is a pure function of its key. */
export function createTakes(speech: Speech, cacheBytes = CACHE_BYTES): Takes {
  const renderings = new Map<string, Int16Array>();
  let held = 0;

  function render(text: string, voice: Voice): Int16Array {
    const key = JSON.stringify([text, voice]);
    const found = renderings.get(key);
    if (found !== undefined) {
      renderings.delete(key);
      renderings.set(key, found);
      return found;
    }
    const samples = speech.render(text, voice);
    renderings.set(key, samples);
    held += samples.byteLength;
    for (const [oldest, entry] of renderings) {
      if (held <= cacheBytes) break;
      renderings.delete(oldest);
      held -= entry.byteLength;
    }
    return samples;
  }

  return {
    sampleRate: SAMPLE_RATE,
    read(text, voice, seed) {
      const random = seededRandom(seed);
      const tempo = 1 + (random() - 0.5) * TEMPO_SPREAD;
      const gain = 1 - random() * GAIN_SPREAD;
      return resample(render(text, voice), (speech.sampleRate / SAMPLE_RATE) * tempo, gain);
    },
  };
}

/** A small generator with 2³² states (mulberry32), 0 ≤ value < 1. Not for secrets. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Reads `step` source samples per output sample by cubic (Catmull-Rom) interpolation, and adds the ending. */
function resample(samples: Int16Array, step: number, gain: number): Buffer {
  const length = Math.floor(samples.length / step);
  if (length === 0) return Buffer.alloc(0);
  const pcm = Buffer.alloc((length + Math.round(ENDING_SECONDS * SAMPLE_RATE)) * 2);
  for (let index = 0; index < length; index++) {
    const position = index * step;
    const at = Math.floor(position);
    const part = position - at;
    const before = samples[at - 1] ?? 0;
    const here = samples[at] ?? 0;
    const next = samples[at + 1] ?? 0;
    const after = samples[at + 2] ?? 0;
    const bend = 2 * before - 5 * here + 4 * next - after + (3 * (here - next) + after - before) * part;
    const value = here + 0.5 * part * (next - before + bend * part);
    pcm.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(value * gain))), index * 2);
  }
  return pcm;
}
