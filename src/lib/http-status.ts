// Statuses that an answer can end with, as Go knows them (net/http, StatusText). Those below 200 end nothing (RFC 9110 §15.2).

const ranges = [
  [200, 208],
  [226, 226],
  [300, 305],
  [307, 308],
  [400, 418],
  [421, 426],
  [428, 429],
  [431, 431],
  [451, 451],
  [500, 508],
  [510, 511],
] as const;

/** Whether that is a status with a meaning of its own. */
export function isStatus(status: number): boolean {
  return Number.isInteger(status) && ranges.some(([from, to]) => status >= from && status <= to);
}
