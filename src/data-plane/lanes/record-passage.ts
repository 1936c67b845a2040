// What is told of a passage when it is over: to middlewares that count it, to the access log and the counters.

import { fieldOf } from '../../lib/header-fields.ts';
import { faults } from '../../model/errors.ts';
import { isGrpc } from '../exchange/rescue-grpc.ts';
import { clientLeft, endExchange } from '../middlewares/exchange.ts';
import type { Passage } from './passage.ts';

/** Records it once. `sent` is the status of the head that went to the client; 0 when none did. */
export function recordPassage(passage: Passage, sent: number): void {
  if (passage.isRecorded) return;
  passage.isRecorded = true;
  const { core, exchange, route } = passage;
  const status = sent === 0 ? clientLeft : sent;
  endExchange(exchange, outcomeOf(passage, status));
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
    status,
    requestBytes: passage.requestBytes,
    responseBytes: passage.responseBytes,
    router: router?.name,
    // Where services lead to services, the one whose replica it was, as in Traefik.
    service: passage.replica?.service ?? router?.serviceName,
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

/** A fault is told to gRPC clients by the status 200: those that count faults hear of the one that it would be otherwise. */
function outcomeOf({ exchange, fault }: Passage, status: number): number {
  const isHidden = status === 200 && fault !== undefined && isGrpc(fieldOf(exchange.fields, 'content-type'));
  return isHidden ? faults[fault].status : status;
}
