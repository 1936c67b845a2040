// gRPC unary calls, h2c to h2c, 1 KiB answers of grpc-go's interop server, beside all peers.
import { requestMeasures, runComparison, type Scenario } from './shared/comparison.ts';
import { runH2Load } from './shared/h2load.ts';
import { startGrpcUpstream } from './shared/upstream.ts';

/** SimpleRequest { response_size: 1024 } behind its gRPC prefix: not compressed, 3 bytes. */
const message = Uint8Array.of(0, 0, 0, 0, 3, 0x10, 0x80, 0x08);

const scenario: Scenario = {
  name: 'grpc',
  method:
    "h2load with prior knowledge, 8 connections with 16 streams each, grpc.testing.TestService/UnaryCall with 1 KiB answers of grpc-go's interop server on two ports (h2c).",
  measures: requestMeasures,
  cases: [
    {
      name: '',
      site: {
        protocol: 'h2c',
        pathPrefix: '/grpc.testing.TestService/',
        path: '/grpc.testing.TestService/UnaryCall',
      },
    },
  ],
  upstream: startGrpcUpstream,
  load: (target, seconds) =>
    runH2Load(target, seconds, {
      ...{ connections: 8, streams: 16, body: message },
      headers: ['content-type: application/grpc', 'te: trailers'],
    }),
};

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
