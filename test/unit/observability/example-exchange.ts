// Builds exchange records for the tests of this room.
import type { ExchangeRecord } from '../../../src/observability/exchange-record.ts';

export function exchange(overrides: Partial<ExchangeRecord> = {}): ExchangeRecord {
  return {
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
    durationMs: 12.5,
    requestId: 'req-1',
    entryPoint: 'web',
    protocol: 'http',
    httpVersion: 'HTTP/1.1',
    scheme: 'http',
    clientHost: '192.0.2.7',
    clientPort: 4711,
    host: 'cosy.example.com',
    method: 'POST',
    path: '/inference_sft?spk=1',
    userAgent: undefined,
    status: 200,
    requestBytes: 10,
    responseBytes: 4800,
    router: 'cosy@docker',
    service: 'cosy@docker',
    replica: 'abcdef012345:7860',
    replicaUrl: 'http://172.18.0.3:7860',
    upstreamFirstByteMs: undefined,
    upstreamStatus: undefined,
    retries: undefined,
    user: undefined,
    fault: undefined,
    logged: true,
    counted: true,
    ...overrides,
  };
}

/** A log target that keeps its lines. */
export function lineTarget() {
  const lines: string[] = [];
  return { lines, write: (line: string): void => void lines.push(line), flush: async () => {} };
}
