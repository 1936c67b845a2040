// The replica behind both gateways: it answers with what it received, as JSON, so that one answer shows both sides.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the replica saw of a request. */
export type Received = {
  readonly method: string;
  readonly target: string;
  /** Lines `name: value`, names in lower case, sorted by name. */
  readonly fields: readonly string[];
  readonly body: string;
};

/** An address of loopback of its own, which the containers of the fake Engine have. */
export const replicaAddress = '127.0.0.2';

/** Listens on a free port. `/status/N` answers N, `/large` something worth compressing, `/auth` what its query says. */
export async function echoReplica() {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://replica');
      const asked = /\/status\/(\d{3})$/.exec(pathname)?.[1] ?? searchParams.get('status') ?? '200';
      const status = Number(asked);
      const fields = { 'x-upstream': 'replica', 'content-type': 'application/json' };
      if (request.method === 'HEAD' || status === 204) return void response.writeHead(status, fields).end();
      const received: Received = {
        method: request.method ?? '',
        target: request.url ?? '',
        fields: fieldLines(request.rawHeaders),
        body: Buffer.concat(chunks).toString('latin1'),
      };
      const filling = pathname.endsWith('/large') ? ' '.repeat(5_000) : '';
      const text = JSON.stringify(received) + filling;
      // With its length known, it is certain whether it is long enough to be compressed.
      response.writeHead(status, { ...fields, 'content-length': Buffer.byteLength(text) }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, replicaAddress, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${replicaAddress}:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function fieldLines(raw: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < raw.length; at += 2) lines.push(`${raw[at]?.toLowerCase()}: ${raw[at + 1]}`);
  return lines.sort();
}
