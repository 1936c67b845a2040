// Published speeds of CosyVoice on real GPUs, as tables, and what lies between their rows. Pure. The numbers are
// their sources', see the README; audio a second is made of requests a second with REFERENCE_SECONDS.

/** One row: so many requests in flight, so many finished a second, so long until the first audio of one. */
export interface CurvePoint {
  readonly inFlight: number;
  readonly requestsPerSecond: number;
  readonly firstAudioSeconds: number;
}

export interface Curve {
  /** True when audio comes about a second at a time; false when a sentence group comes as a whole. */
  readonly streams: boolean;
  /** By number in flight, ascending, from 1. */
  readonly points: readonly CurvePoint[];
}

/** What a request of reference length costs while so many are in flight. */
export interface Cost {
  readonly requestSeconds: number;
  readonly firstAudioSeconds: number;
}

/** The sources do not say how long their requests are; their test sets' sentences last about this long. */
export const REFERENCE_SECONDS = 5;

export const CURVES = {
  /** SGLang-Omni, CosyVoice3, H200, streaming (sglang-omni#1656). */
  h200: curve(true, [1, 0.98, 0.68], [2, 1.37, 0.97], [4, 1.99, 1.35], [8, 2.02, 3.26]),
  /** SGLang-Omni, CosyVoice3, H200, whole answers (#1715). */
  'h200-nonstream': curve(
    false,
    [1, 1.18, 0.85],
    [2, 1.87, 1.07],
    [4, 2.6, 1.54],
    [8, 2.88, 2.77],
    [16, 3.0, 5.32],
  ),
  /** vLLM-Omni with TensorRT, CosyVoice3, H100, streaming (vllm-omni#4168). */
  h100: curve(true, [1, 1.08, 0.209], [2, 1.31, 0.334], [4, 1.61, 0.551]),
  /** LightTTS, CosyVoice3, RTX 4090D, streaming (README, p50). */
  '4090d': curve(true, [1, 0.83, 0.33], [2, 0.95, 0.93], [4, 1.03, 2.62], [8, 1.06, 6.4]),
  /** LightTTS, CosyVoice3, RTX 4090D, whole answers (README, p50). */
  '4090d-nonstream': curve(false, [1, 1.47, 0.61], [2, 2.33, 0.8], [4, 3.27, 1.02], [8, 4.1, 1.76]),
  /** LightTTS, CosyVoice3, RTX 5090, streaming (README, p50). */
  '5090': curve(true, [1, 1.13, 0.28], [2, 1.29, 0.74], [4, 1.32, 2.16], [8, 1.33, 5.01]),
  /** Triton with TensorRT-LLM, CosyVoice2 DiT, L20, streaming (real-time factors .123, .090, .074, .069). */
  l20: curve(
    true,
    [1, 1 / (0.123 * REFERENCE_SECONDS), 0.198],
    [2, 1 / (0.09 * REFERENCE_SECONDS), 0.281],
    [4, 1 / (0.074 * REFERENCE_SECONDS), 0.511],
    [8, 1 / (0.069 * REFERENCE_SECONDS), 1.02],
  ),
} as const satisfies Record<string, Curve>;

/** A table's name, or `none` for as fast as the CPU allows. */
export type CurveName = keyof typeof CURVES | 'none';

/** Whether a text names a curve. */
export function isCurveName(text: string): text is CurveName {
  return text === 'none' || Object.hasOwn(CURVES, text);
}

/**
 * Linear between rows. Beyond the last row the GPU is taken to be full: throughput stays, and each further request
 * waits for one more to finish.
 */
export function costAt(curve: Curve, inFlight: number): Cost {
  const above = curve.points.findIndex((point) => point.inFlight >= inFlight);
  const upper = curve.points[above];
  const lower = curve.points[above - 1] ?? curve.points.at(-1);
  if (lower === undefined) throw new Error('A curve needs a row.');
  if (upper === undefined) {
    return {
      requestSeconds: inFlight / lower.requestsPerSecond,
      firstAudioSeconds: lower.firstAudioSeconds + (inFlight - lower.inFlight) / lower.requestsPerSecond,
    };
  }
  const part = above === 0 ? 1 : (inFlight - lower.inFlight) / (upper.inFlight - lower.inFlight);
  const between = (from: number, to: number): number => from + (to - from) * part;
  return {
    requestSeconds: inFlight / between(lower.requestsPerSecond, upper.requestsPerSecond),
    firstAudioSeconds: between(lower.firstAudioSeconds, upper.firstAudioSeconds),
  };
}

function curve(streams: boolean, ...rows: readonly (readonly [number, number, number])[]): Curve {
  const points = rows.map(([inFlight, requestsPerSecond, firstAudioSeconds]) => ({
    inFlight,
    requestsPerSecond,
    firstAudioSeconds,
  }));
  return { streams, points };
}
