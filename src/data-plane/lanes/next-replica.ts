// After an attempt that failed: which replica gets the next one, if any. One rule for all lanes.
import { faults, type GatewayError } from '../../model/errors.ts';
import { replicaFor } from '../exchange/choose-replica.ts';
import { type Attempt, mayRetry } from '../exchange/may-retry.ts';
import type { CompiledBalancer } from '../exchange/snapshot.ts';
import { type LiveReplica, noteRefusal } from '../live-state/live-replica.ts';
import type { Exchange } from '../middlewares/exchange.ts';
import type { Passage } from './passage.ts';

/** What of a passage is of its attempts. */
export type AttemptNotes = Pick<
  Passage,
  'replica' | 'replicaUrl' | 'upstreamStatus' | 'firstByteMs' | 'retries' | 'tried'
>;

/**
 * The replica for one more attempt, which it counts; undefined when the client shall hear of `error`. One that has not
 * failed this request comes first. Where there is none, one that died on the request is asked once more on a fresh
 * connection (it may have closed an idle one); one that refused is not.
 */
export function nextReplica(
  exchange: Exchange,
  notes: Pick<AttemptNotes, 'retries' | 'tried'>,
  service: CompiledBalancer,
  failed: LiveReplica,
  error: GatewayError,
  attempt: Omit<Attempt, 'repeats'>,
): LiveReplica | undefined {
  const { tried } = notes;
  const isRefusal = faults[error.code].retry === 'safe';
  if (isRefusal) noteRefusal(failed, performance.now());
  if (!mayRetry(error, { ...attempt, repeats: notes.retries - tried.length })) return undefined;
  notes.retries += 1;
  if (isRefusal) tried.push(failed);
  const others = isRefusal ? tried : [...tried, failed];
  try {
    return replicaFor(service, exchange, others);
  } catch {
    // Nothing else is ready: the first failure is what the client should hear of.
    return isRefusal ? undefined : failed;
  }
}
