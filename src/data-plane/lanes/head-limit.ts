// How long a client may take for the head of a request. One rule for all lanes and for what stands in front of them.
import type { EntryPoint } from '../../model/startup.ts';

/** A head that takes longer comes from somebody who wants to hold the connection (slowloris). */
const maxHeadMs = 30_000;

/** In milliseconds; never unlimited, also where readTimeout is. */
export function headLimitMs({ readTimeoutMs }: Pick<EntryPoint, 'readTimeoutMs'>): number {
  return readTimeoutMs === 0 ? maxHeadMs : Math.min(maxHeadMs, readTimeoutMs);
}
