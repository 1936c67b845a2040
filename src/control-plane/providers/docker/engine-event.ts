// One line of the event stream → the event as far as routing cares. Pure.
import type { RawEvent } from './engine-answers.ts';

/** Container actions that are asked for. `health_status` stands for `health_status: healthy` too (moby #25798). */
export const containerActions = [
  'create',
  'start',
  'restart',
  'stop',
  'die',
  'kill',
  'oom',
  'pause',
  'unpause',
  'rename',
  'update',
  'destroy',
  'health_status',
] as const;

/** Network actions that are asked for. */
export const networkActions = ['connect', 'disconnect'] as const;

/** One event that may matter. */
export type EngineEvent = {
  /** The container that it concerns. */
  readonly container: string;
  readonly action: (typeof containerActions)[number] | (typeof networkActions)[number];
  /** Milliseconds since the epoch, by the Engine's clock. */
  readonly at: number;
  /** Of `kill`: number or name of the signal. */
  readonly signal: string | undefined;
  /** Of `health_status`: the new health. */
  readonly health: string | undefined;
};

const known: ReadonlyMap<string, EngineEvent['action']> = new Map(
  [...containerActions, ...networkActions].map((action) => [action, action]),
);

/** Undefined for lines that are no JSON, and for events that routing does not care about. */
export function parseEngineEvent(line: string): EngineEvent | undefined {
  const raw = parseJson(line);
  if (raw === undefined) return undefined;
  const attributes = raw.Actor?.Attributes ?? {};
  const [word, detail] = (raw.Action ?? '').split(':');
  const action = known.get(word ?? '');
  const container = raw.Type === 'network' ? attributes.container : raw.Actor?.ID;
  const wanted = raw.Type === 'network' ? networkActions : raw.Type === 'container' ? containerActions : [];
  if (action === undefined || !wanted.some((one) => one === action)) return undefined;
  // It becomes a part of a path that the Engine is asked for: `../../version` is no id.
  if (container === undefined || !/^\w+$/.test(container)) return undefined;
  const at = raw.timeNano === undefined ? (raw.time ?? 0) * 1_000 : Math.floor(raw.timeNano / 1e6);
  return { container, action, at, signal: attributes.signal, health: detail?.trim() };
}

function parseJson(line: string): RawEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
