// Lengths of time as Traefik spells them: integer seconds, or a Go duration such as `1m30s`.
// Source: Go's time.ParseDuration and Duration.String; Traefik's ptypes.Duration.

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3, // U+00B5
  μs: 1e-3, // U+03BC, which Go accepts as well
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Go keeps durations as 64-bit nanoseconds; more is an error there, and so it is here. */
const maxMs = 2 ** 63 / 1e6;

const integer = /^[+-]?\d{1,19}$/;
const goDuration = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
/** No sensible duration is longer; it bounds the work of the patterns above. */
const maxLength = 128;

/** Milliseconds, fractions kept; undefined where Traefik reports an error. A bare integer counts seconds. */
export function parseDurationMs(text: string): number | undefined {
  if (text.length > maxLength) return undefined;
  if (integer.test(text)) return withinGo(Number(text) * 1_000);
  const found = goDuration.exec(text);
  if (found === null) return undefined;
  let sum = 0;
  for (const [, amount, unit] of (found[2] ?? '').matchAll(part)) {
    sum += Number(amount) * (unitMs[unit ?? ''] ?? 0);
  }
  // Sums of binary fractions drift (0.1 + 0.2); Go counts whole nanoseconds, so a millionth of a ms is the grain.
  const exact = Math.round(sum * 1e6) / 1e6;
  return withinGo(found[1] === '-' && exact !== 0 ? -exact : exact);
}

function withinGo(ms: number): number | undefined {
  return Math.abs(ms) <= maxMs ? ms : undefined;
}

/** Milliseconds as Go prints them: `10s`, `1m30s`, `500ms`, `0s`. Fractions below a nanosecond are cut. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms === 0) return '0s';
  if (ms < 1) return `${trim(ms * 1000)}µs`;
  if (ms < 1000) return `${trim(ms)}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = `${trim((ms % 60_000) / 1000)}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

const trim = (value: number): string => String(Number(value.toFixed(6)));
