// A gateway that knows files only: no Docker is needed, servers have health checks, and changes are served.
import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { OverviewView, ServiceView } from '../../src/model/view.ts';
import { startGateway } from '../support/gateway-process.ts';
import { until } from '../support/until.ts';

async function startServer(
  name: string,
  isHealthy = true,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/health' && !isHealthy ? 503 : 200;
    response.end(`${name} ${request.url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('files alone make a gateway', async () => {
  const [good, sick] = [await startServer('good'), await startServer('sick', false)];
  const home = mkdtempSync(join(tmpdir(), 'berth-files-'));
  const path = join(home, 'dyn.yaml');
  const write = (prefix: string) => {
    writeFileSync(
      `${path}.tmp`,
      `http:
  routers:
    app: {rule: "PathPrefix(\`/\`)", service: app, middlewares: [add]}
  services:
    app:
      loadBalancer:
        servers: [{url: "${sick.url}"}, {url: "${good.url}"}]
        healthCheck: {path: /health, interval: 100ms}
  middlewares:
    add: {addPrefix: {prefix: ${prefix}}}
`,
    );
    renameSync(`${path}.tmp`, path);
  };
  write('/one');
  try {
    await using gateway = await startGateway([`--providers.file.filename=${path}`]);
    await until('the healthy server answers', async () => (await gateway.get('/x')).body === 'good /one/x');
    const { providers } = await gateway.api<OverviewView>('/api/overview');
    assert.deepEqual(providers, ['File']);
    const service = await gateway.api<ServiceView>('/api/http/services/app@file');
    assert.deepEqual(service.serverStatus, { [sick.url]: 'DOWN', [good.url]: 'UP' });
    assert.deepEqual(service.origins, [path]);
    for (let count = 0; count < 4; count += 1) assert.equal((await gateway.get('/x')).body, 'good /one/x');
    write('/two');
    await until('the change is served', async () => (await gateway.get('/x')).body === 'good /two/x');
    writeFileSync(path, 'http: {routers: "');
    await until('the fault is told', () =>
      gateway.log.some(({ message }) => /^.*dyn\.yaml cannot be read: /.test(String(message))),
    );
    assert.equal((await gateway.get('/x')).body, 'good /two/x', 'the last good configuration goes on');
  } finally {
    good.server.close();
    sick.server.close();
    rmSync(home, { recursive: true });
  }
});
