// The interop suite of gRPC: the client of grpc-go, through the gateway, to its server (h2c); over h2c and over TLS.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { freePort } from '../support/free-port.ts';
import { ask } from '../support/gateway-process.ts';
import { until } from '../support/until.ts';
import { buildGo, runProgram } from './programs.ts';
import { type Listening, serveReplica } from './serve-replica.ts';
import type { Outcome } from './suite.ts';

/** Of google.golang.org/grpc. */
const version = 'v1.85.0';

/** All that need no account in somebody's cloud. */
const cases: readonly string[] = [
  'empty_unary',
  'large_unary',
  'client_streaming',
  'server_streaming',
  'ping_pong',
  'empty_stream',
  'timeout_on_sleeping_server',
  'cancel_after_begin',
  'cancel_after_first_response',
  'status_code_and_message',
  'special_status_message',
  'custom_metadata',
  'unimplemented_method',
  'unimplemented_service',
];

/** Every case twice. */
export async function run(): Promise<Outcome> {
  const client = buildGo('google.golang.org/grpc/interop/client', version, 'grpc-interop-client');
  await using server = await startServer();
  await using served = await serveReplica(server.port, {
    'traefik.http.services.replica.loadbalancer.server.scheme': 'h2c',
  });
  const folder = mkdtempSync(join(tmpdir(), 'berth-conformance-'));
  const failures: { name: string; isKnown: boolean }[] = [];
  try {
    const certificate = join(folder, 'certificate.pem');
    const name = await saveCertificate(served.port, certificate);
    const ways = {
      h2c: [],
      TLS: ['-use_tls', '-use_test_ca', `-ca_file=${certificate}`, `-server_host_override=${name}`],
    };
    for (const [way, flags] of Object.entries(ways)) {
      for (const testCase of cases) {
        const target = ['-server_host=127.0.0.1', `-server_port=${served.port}`, `-test_case=${testCase}`];
        const { failed, stderr } = await runProgram(client, [...target, ...flags]);
        if (failed) failures.push({ name: `${testCase} over ${way}: ${stderr.trim()}`, isKnown: false });
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const tests = 2 * cases.length;
  return { passed: tests - failures.length, tests, failures };
}

async function startServer(): Promise<Listening> {
  const program = buildGo('google.golang.org/grpc/interop/server', version, 'grpc-interop-server');
  const port = await freePort();
  const child = spawn(program, [`-port=${port}`], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  await until('the server of gRPC listens', () => isListening(port));
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}

/** It answers HTTP/1.1 with no more than a cut connection. */
function isListening(port: number): Promise<boolean> {
  return ask(port, '/').then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ECONNREFUSED',
  );
}

/** Writes what the gateway shows, for the client to trust; gives a name that is in it. */
async function saveCertificate(port: number, file: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { raw, subjectaltname = '' } = socket.getPeerCertificate();
  socket.destroy();
  const base64 = raw.toString('base64').replace(/.{64}/g, '$&\n');
  writeFileSync(file, `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`);
  return /DNS:([^,]+)/.exec(subjectaltname)?.[1] ?? '';
}
