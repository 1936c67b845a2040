// What is told of a passage when it is over: to middlewares that count it, to the access log and the counters.

import { fieldOf } from '../../lib/header-fields.ts';
import { endExchange } from '../middlewares/exchange.ts';
import type { Passage } from './passage.ts';

/** Status in the log when the client left before it was answered (nginx's word for it). */
const clientClosed = 499;

/** Records it once. `status` is that of the head that went to the client; 0 when none did. */
export function recordPassage(passage: Passage, status: number): void {
  if (passage.isRecorded) return;
  passage.isRecorded = true;
  const { core, exchange, route } = passage;
  endExchange(exchange);
  if (!core.recorder.isOn) return;
  const { router } = route;
  const entryPoint = core.snapshot()?.entryPoint;
  core.recorder.recordExchange({
    startedAt: exchange.startedAt,
    durationMs: performance.now() - exchange.startedTick,
    requestId: exchange.requestId,
    entryPoint: exchange.entryPoint,
    protocol: passage.isTunnel ? 'websocket' : passage.isEventStream ? 'sse' : 'http',
    httpVersion: `HTTP/${exchange.httpVersion}`,
    scheme: exchange.isTls ? 'https' : 'http',
    clientHost: exchange.clientAddress,
    clientPort: exchange.clientPort,
    user: exchange.user,
    host: exchange.originalHost,
    method: exchange.method,
    path: exchange.originalTarget,
    userAgent: fieldOf(exchange.fields, 'user-agent'),
    status: status === 0 ? clientClosed : status,
    requestBytes: passage.requestBytes,
    responseBytes: passage.responseBytes,
    router: router?.name,
    service: router?.serviceName,
    replica: passage.replica?.id,
    replicaUrl: passage.replicaUrl,
    upstreamFirstByteMs: passage.firstByteMs,
    upstreamStatus: passage.upstreamStatus,
    retries: passage.retries,
    fault: passage.fault,
    logged: router?.accessLogs ?? entryPoint?.accessLogs ?? true,
    counted: router?.metrics ?? entryPoint?.metrics ?? true,
  });
}
