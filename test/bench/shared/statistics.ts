// Pure: figures of rounds to one figure, and figures to text.

/** The middle value; of an even number the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (low + high) / 2;
}

/** The value that `share` (0 … 1) of all do not exceed: the nearest rank. NaN of none. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.max(Math.ceil(share * sorted.length), 1);
  return sorted[rank - 1] ?? Number.NaN;
}

/** Three significant digits, more for integers: 14.1, 0.352, 70100. `-` for what was not measured. */
export function toFigure(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 100) return Math.round(value).toString();
  return Number(value.toPrecision(3)).toString();
}

/** The median of each value over rounds; a value that a round lacks does not count for that round. */
export function medians(rounds: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = new Set(rounds.flatMap((round) => Object.keys(round)));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      median(rounds.map((round) => round[name] ?? Number.NaN).filter((value) => !Number.isNaN(value))),
    ]),
  );
}
