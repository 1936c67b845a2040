// Statuses as options list them: `404`, `500-599`. Source: Traefik v3.7, pkg/types/http_code_range.go.

/** From and to, both included. */
export type StatusRange = readonly [from: number, to: number];

/** A status or a range of them; undefined for what is neither. */
export function parseStatusRange(text: string): StatusRange | undefined {
  const [, first = '', second = first] = /^\s*(\d{3})(?:\s*-\s*(\d{3}))?\s*$/.exec(text) ?? [];
  const range: StatusRange = [Number(first), Number(second)];
  return range[0] >= 100 && range[0] <= range[1] ? range : undefined;
}

/** Whether a status is in one of the ranges. Texts that are none do not count. */
export function compileStatusTest(texts: readonly string[]): (status: number) => boolean {
  const ranges = texts.map(parseStatusRange).filter((range) => range !== undefined);
  return (status) => ranges.some(([from, to]) => status >= from && status <= to);
}
