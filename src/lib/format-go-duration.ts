// Durations as Go writes them (time.Duration.String): 1h2m3.5s, 1.5ms, 20µs, 7ns, 0s.

const second = 1_000_000_000n;

/** Text of a duration of 0 or more nanoseconds. */
export function formatGoDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  if (nanoseconds < 1_000n) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000n) return `${decimal(nanoseconds, 1_000n)}µs`;
  if (nanoseconds < second) return `${decimal(nanoseconds, 1_000_000n)}ms`;
  const minutes = nanoseconds / (60n * second);
  const seconds = `${decimal(nanoseconds % (60n * second), second)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function decimal(value: bigint, unit: bigint): string {
  const rest = String(value % unit)
    .padStart(String(unit).length - 1, '0')
    .replace(/0+$/, '');
  return rest === '' ? `${value / unit}` : `${value / unit}.${rest}`;
}
