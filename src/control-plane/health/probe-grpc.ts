// One gRPC probe: Check of the standard health service for the whole server. Resolves when it says SERVING, rejects with
// a sentence otherwise. Written out over node:http2, because the call is one empty message each way.
// Source: grpc/doc/health-checking.md and PROTOCOL-HTTP2.md.
import { type ClientHttp2Session, connect, constants, type IncomingHttpHeaders } from 'node:http2';
import type { ProbeTarget } from './probe-target.ts';

/** Not compressed, length 0: a HealthCheckRequest whose `service` is empty. */
const emptyRequest = Buffer.alloc(5);
/** ServingStatus.SERVING. */
const serving = 1;
const unimplemented = '12';
/** A HealthCheckResponse takes 7 bytes; whoever sends more does not speak this protocol. */
const maxAnswerBytes = 1024;

/** Asks once; `signal` ends it with its reason. */
export function probeGrpc(target: ProbeTarget, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const session = connect(target.origin, target.tls);
    const abort = () => settle(signal.reason as Error);
    let settled = false;

    function settle(error?: unknown): void {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', abort);
      session.destroy();
      if (error === undefined) resolve();
      else reject(error as Error);
    }

    signal.addEventListener('abort', abort, { once: true });
    session.on('error', settle);
    call(session, target, settle);
    if (signal.aborted) abort();
  });
}

function call(session: ClientHttp2Session, target: ProbeTarget, settle: (error?: unknown) => void): void {
  const { host, ...headers } = target.headers;
  const stream = session.request({
    ...headers,
    ':method': 'POST',
    ':path': '/grpc.health.v1.Health/Check',
    ':authority': host ?? new URL(target.origin).host,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  let head: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  let answer = Buffer.alloc(0);
  stream.on('response', (fields) => {
    head = fields;
  });
  stream.on('trailers', (fields) => {
    trailers = fields;
  });
  stream.on('data', (chunk: Buffer) => {
    answer = Buffer.concat([answer, chunk]);
    if (answer.length > maxAnswerBytes) stream.close(constants.NGHTTP2_CANCEL);
  });
  stream.on('error', settle);
  stream.on('close', () => {
    try {
      judge(head, trailers, answer);
      settle();
    } catch (error) {
      settle(error);
    }
  });
  stream.end(emptyRequest);
}

function judge(head: IncomingHttpHeaders, trailers: IncomingHttpHeaders, answer: Buffer): void {
  if (head[':status'] !== undefined && Number(head[':status']) !== 200) {
    throw new Error(`It answered ${head[':status']}, which is not gRPC.`);
  }
  // An answer without a message carries the status in its head ("Trailers-Only").
  const status = trailers['grpc-status'] ?? head['grpc-status'];
  if (status === unimplemented) throw new Error('It does not implement the gRPC health service.');
  if (status !== '0') throw new Error(`The gRPC call failed with status ${status ?? 'unknown'}.`);
  if (servingStatus(answer) !== serving) throw new Error('It says that it is not serving.');
}

/** Field 1 of HealthCheckResponse, a varint below 128; absent means UNKNOWN (0). */
function servingStatus(answer: Buffer): number {
  const message = answer.subarray(emptyRequest.length);
  return message[0] === 0x08 ? (message[1] ?? 0) : 0;
}
