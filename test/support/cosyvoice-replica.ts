// Starts the stand-in inside the test process and talks to it over real HTTP, by node:http because the official
// clients send GET with a body, which fetch refuses.

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { request as requestTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { CURVES } from '../cosyvoice/curves.ts';
import { createFaults } from '../cosyvoice/faults.ts';
import { createGpu } from '../cosyvoice/gpu.ts';
import { parseSettings } from '../cosyvoice/settings.ts';
import { createSpeech, type Speech } from '../cosyvoice/speech.ts';
import { createStats } from '../cosyvoice/stats.ts';
import { createSurface } from '../cosyvoice/surface.ts';
import type { Replica } from '../cosyvoice/synthesis.ts';
import { createTakes } from '../cosyvoice/takes.ts';
import { encodeWav } from '../cosyvoice/wav.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body's pieces as they came. */
  readonly pieces: readonly Buffer[];
  /** Whether the body ended as HTTP says. */
  readonly complete: boolean;
}

export interface Sent {
  readonly method?: string;
  readonly form?: Readonly<Record<string, string | Uint8Array>>;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Over TLS, whoever the certificate says that it is. */
  readonly isTls?: boolean;
  /** Called with the answer as soon as its head is there. */
  readonly onHead?: (incoming: IncomingMessage) => void;
}

export interface TestReplica extends AsyncDisposable {
  readonly port: number;
  readonly replica: Replica;
  /** How often a crash fault would have ended the process. */
  crashes(): number;
  send(path: string, sent?: Sent): Promise<Answer>;
}

/** Takes the stand-in's own environment variables. Dispose it to close the port. */
export async function startReplica(
  environment: Readonly<Record<string, string>> = {},
  speech: Promise<Speech> = createSpeech(),
): Promise<TestReplica> {
  const settings = parseSettings(environment);
  let crashes = 0;
  const replica: Replica = {
    name: 'replica-1',
    settings,
    takes: createTakes(await speech),
    gpu: createGpu(settings.curve === 'none' ? undefined : CURVES[settings.curve], settings.warmupSeconds),
    faults: createFaults(settings.fault),
    stats: createStats(),
    crash: () => {
      crashes += 1;
    },
  };
  const server = createServer(createSurface(replica)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The address of a listening TCP server is an object (net.Server.address).
  const { port } = server.address() as AddressInfo;
  return {
    port,
    replica,
    crashes: () => crashes,
    send: (path, sent) => send(port, path, sent),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** One request on its own connection. A form with a file goes multipart, one without urlencoded. */
export function send(port: number, path: string, sent: Sent = {}): Promise<Answer> {
  const { type, body } = encode(sent);
  const headers = {
    ...(type !== undefined && { 'content-type': type }),
    'content-length': body.length,
    ...sent.headers,
  };
  const target = { host: '127.0.0.1', port, path, method: sent.method ?? 'POST', headers };
  const options = { ...target, agent: false, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    const outgoing = (sent.isTls === true ? requestTls : request)(options, (incoming) => {
      sent.onHead?.(incoming);
      const pieces: Buffer[] = [];
      incoming.on('data', (piece: Buffer) => pieces.push(piece));
      incoming.on('error', () => undefined);
      incoming.on('close', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(pieces),
          pieces,
          complete: incoming.complete,
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** A recording of somebody: a voice-like buzz of the given pitch, as a WAV file. */
export function recording(seconds: number, sampleRate = 24_000, hertz = 120): Buffer {
  const pcm = Buffer.alloc(Math.round(seconds * sampleRate) * 2);
  for (let index = 0; index < pcm.length / 2; index++) {
    const phase = (index * hertz) / sampleRate;
    pcm.writeInt16LE(Math.round(8000 * (2 * (phase % 1) - 1)), index * 2);
  }
  return encodeWav(pcm, sampleRate);
}

function encode({ form, json }: Sent): { readonly type?: string; readonly body: Buffer } {
  if (json !== undefined) return { type: 'application/json', body: Buffer.from(JSON.stringify(json)) };
  if (form === undefined) return { body: Buffer.alloc(0) };
  const entries = Object.entries(form);
  const multipart = entries.some(([, value]) => typeof value !== 'string');
  if (!multipart) {
    const text = new URLSearchParams(entries.map(([name, value]): [string, string] => [name, String(value)]));
    return { type: 'application/x-www-form-urlencoded', body: Buffer.from(text.toString()) };
  }
  // As python-requests writes it, which is what the official client sends.
  const boundary = 'd3b07384d113edec49eaa6238ad5ff00';
  const parts = entries.flatMap(([name, value]) => {
    const file =
      typeof value === 'string' ? '' : `; filename="${name}"\r\nContent-Type: application/octet-stream`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`;
    return [Buffer.from(head), Buffer.from(value), Buffer.from('\r\n')];
  });
  const body = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
  return { type: `multipart/form-data; boundary=${boundary}`, body };
}
