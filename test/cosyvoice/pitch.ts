// Finds the pitch of short frames of speech by normalised autocorrelation, as voice cloning and the speech check
// need it. Pure.

export interface FramePitch {
  /** Fundamental frequency in Hz. */
  readonly hertz: number;
  /** How periodic the frame is at that frequency: 0 (noise) to 1 (a steady tone). */
  readonly strength: number;
}

/** Range of human speaking voices, with some room. */
const LOWEST_HERTZ = 65;
const HIGHEST_HERTZ = 400;
/** Enough for pitch, and a ninth of the work of 24 kHz. */
const WORKING_RATE = 8000;

/**
 * Samples at about 8 kHz, by averaging, which is filter enough here. Gives the samples as they are when their
 * rate is lower.
 */
export function toPitchRate(
  samples: Float32Array,
  sampleRate: number,
): { readonly samples: Float32Array; readonly sampleRate: number } {
  const step = Math.max(1, Math.round(sampleRate / WORKING_RATE));
  const reduced = new Float32Array(Math.floor(samples.length / step));
  for (let index = 0; index < reduced.length; index++) {
    let sum = 0;
    for (let offset = 0; offset < step; offset++) sum += samples[index * step + offset] ?? 0;
    reduced[index] = sum / step;
  }
  return { samples: reduced, sampleRate: sampleRate / step };
}

/**
 * The pitch of one frame, which should last 40 ms or more so that a low voice shows two periods. The frame's
 * silence gives strength 0.
 */
export function framePitch(frame: Float32Array, sampleRate: number): FramePitch {
  const shortest = Math.floor(sampleRate / HIGHEST_HERTZ);
  const longest = Math.min(Math.ceil(sampleRate / LOWEST_HERTZ), frame.length - 1);
  const mean = frame.reduce((sum, value) => sum + value, 0) / frame.length;
  const centred = frame.map((value) => value - mean);
  const strengths: number[] = [];
  for (let lag = shortest; lag <= longest; lag++) strengths.push(correlation(centred, lag));
  const best = Math.max(0, ...strengths);
  if (best === 0) return { hertz: 0, strength: 0 };
  // Multiples of the period correlate as well as the period itself; the first good peak is the fundamental.
  const first = strengths.findIndex(
    (strength, index) => strength >= best * 0.9 && strength >= (strengths[index + 1] ?? -1),
  );
  return { hertz: sampleRate / (shortest + first), strength: best };
}

/** The median pitch of the voiced part in Hz; undefined when nothing in it is voiced. Looks at 6 s at most. */
export function medianPitch(samples: Float32Array, sampleRate: number): number | undefined {
  const reduced = toPitchRate(samples.subarray(0, sampleRate * 6), sampleRate);
  const length = Math.round(reduced.sampleRate * 0.04);
  const found: number[] = [];
  for (let at = 0; at + length <= reduced.samples.length; at += length) {
    const pitch = framePitch(reduced.samples.subarray(at, at + length), reduced.sampleRate);
    if (pitch.strength > 0.6) found.push(pitch.hertz);
  }
  found.sort((one, other) => one - other);
  return found[Math.floor(found.length / 2)];
}

function correlation(frame: Float32Array, lag: number): number {
  let product = 0;
  let energy = 0;
  let laggedEnergy = 0;
  for (let index = lag; index < frame.length; index++) {
    const value = frame[index] ?? 0;
    const lagged = frame[index - lag] ?? 0;
    product += value * lagged;
    energy += value * value;
    laggedEnergy += lagged * lagged;
  }
  const scale = Math.sqrt(energy * laggedEnergy);
  return scale < 1e-9 ? 0 : product / scale;
}
