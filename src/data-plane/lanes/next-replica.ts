// After an attempt that failed: which replica gets the next one, if any. One rule for all lanes.
import { faults, type GatewayError } from '../../model/errors.ts';
import { chooseReplica } from '../exchange/choose-replica.ts';
import { mayRetry } from '../exchange/may-retry.ts';
import type { CompiledService } from '../exchange/snapshot.ts';
import { type LiveReplica, noteRefusal } from '../live-state/live-replica.ts';
import type { Passage } from './passage.ts';

/**
 * The replica for one more attempt, which it counts; undefined when the client shall hear of `error`. One that has not
 * failed this request comes first. Where there is none, one that died on the request is asked once more on a fresh
 * connection (it may have closed an idle one); one that refused is not. `answered`: an answer had begun.
 */
export function nextReplica(
  passage: Passage,
  service: CompiledService,
  failed: LiveReplica,
  error: GatewayError,
  answered: boolean,
): LiveReplica | undefined {
  const { exchange, tried } = passage;
  const isRefusal = faults[error.code].retry === 'safe';
  if (isRefusal) noteRefusal(failed, performance.now());
  const { method, hasBody } = exchange;
  const repeats = passage.retries - tried.length;
  if (!mayRetry(error, { method, hasBody, answered, repeats })) return undefined;
  passage.retries += 1;
  if (isRefusal) tried.push(failed);
  const others = isRefusal ? tried : [...tried, failed];
  try {
    return chooseReplica(service, exchange.clientAddress, others);
  } catch {
    // Nothing else is ready: the first failure is what the client should hear of.
    return isRefusal ? undefined : failed;
  }
}
