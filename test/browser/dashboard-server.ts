// Serves the built dashboard as the gateway does, over HTTP with the same content security policy, beside the
// recorded API.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { build } from 'vite';
import { securityHeaders } from '../../src/control-plane/api/security-headers.ts';
import { createFakeApi, type FakeApi } from '../../ui/dev/fake-api.ts';
import type { Recording } from '../../ui/dev/recorded.ts';

const UI = join(import.meta.dirname, '../../ui');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A running server. `url` is the dashboard's address, with the final slash. */
export type DashboardServer = {
  readonly url: string;
  readonly api: FakeApi;
  /** While true every request is cut, as when the gateway is gone. */
  setGone(isGone: boolean): void;
  close(): Promise<void>;
};

/** A fresh build in a folder of its own, so that test files can run side by side and never look at an old build. */
export async function buildDashboard(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-dashboard-'));
  await build({ root: UI, logLevel: 'error', build: { outDir: folder } });
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

/** Serves `/dashboard/` and `/api/` on a free port of the loopback interface. */
export async function serveDashboard(
  folder: string,
  recording: Recording,
  basePath = '',
): Promise<DashboardServer> {
  const api = createFakeApi(recording);
  let isGone = false;
  const server = createServer((request, response) => {
    if (isGone) return void request.socket.destroy();
    if (!request.url?.startsWith(basePath)) return void response.writeHead(404).end();
    request.url = request.url.slice(basePath.length);
    if (!api.handle(request, response)) void sendFile(folder, request.url, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${basePath}/dashboard/`,
    api,
    setGone: (value) => {
      isGone = value;
      if (value) server.closeAllConnections();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function sendFile(folder: string, url: string, response: ServerResponse): Promise<void> {
  const path = new URL(url, 'http://localhost').pathname
    .replace(/^\/dashboard\//, '/')
    .replace(/\/$/, '/index.html');
  const body = await readFile(join(folder, path)).catch(() => undefined);
  response.writeHead(body ? 200 : 404, {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    ...securityHeaders,
  });
  response.end(body);
}
