// The gateway's own life as its operators meet it: start, wrong start, a taken port, the end, a lost worker.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { openEngine } from '../support/engine.ts';
import { startGateway } from '../support/gateway-process.ts';
import { until } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');

/** Runs a command of the project and gives what it printed. */
function run(
  program: string,
  args: readonly string[],
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code, out, err }));
  });
}

test('faults of the command line end the start with all of them', async () => {
  const { code, err } = await run(process.execPath, [
    'src/main.ts',
    '--entrypoints.web.adress=:80',
    '--log.level=LOUD',
  ]);
  assert.equal(code, 2);
  assert.match(err, /--entrypoints\.web\.adress/);
  assert.match(err, /LOUD/);
});

for (const entryPoint of ['web', 'traefik']) {
  test(`a taken port of ${entryPoint} ends the start with the entry point and the way out`, async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const free = entryPoint === 'web' ? 'traefik' : 'web';
    const { code, out, err } = await run(process.execPath, [
      'src/main.ts',
      '--providers.docker',
      '--api.insecure',
      `--entrypoints.${entryPoint}.address=127.0.0.1:${port}`,
      `--entrypoints.${free}.address=127.0.0.1:0`,
    ]);
    taken.close();
    assert.equal(code, 1);
    assert.equal(err, '');
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const fatal = lines.find(({ level }) => level === 'fatal');
    assert.equal(fatal?.['entryPoint'], entryPoint);
    assert.match(String(fatal?.['message']), new RegExp(`127\\.0\\.0\\.1:${port} is taken.*another address`));
  });
}

test('npm start prints nothing but its log', async () => {
  const { code, out } = await run('npm', ['start', '--', 'version']);
  assert.equal(code, 0);
  assert.match(out, /^Berth \d+\.\d+\.\d+ on Node v26\.\S+\n$/);
});

test('without an Engine it answers 503, says why, and serves as soon as the Engine is there', async () => {
  await using gateway = await startGateway(['--providers.docker.endpoint=unix:///nowhere/docker.sock']);
  const answer = await gateway.get('/');
  assert.equal(answer.status, 503);
  await until('the log says why', () =>
    gateway.log.some((line) => JSON.stringify(line).includes('/nowhere/docker.sock')),
  );
});

test('SIGTERM: no new connection, the stream is finished, exit status 0', async () => {
  await using engine = await openEngine();
  await engine.start({
    labels: {
      'traefik.http.routers.end.rule': 'Host(`end.example.com`)',
      'traefik.http.services.end.loadbalancer.server.port': '8000',
    },
  });
  await using gateway = await startGateway(['--providers.docker', engine.constraint]);
  await until('it serves', async () => (await gateway.get('/', { host: 'end.example.com' })).status === 200);
  const stream = gateway.get('/stream?chunks=40&every=50', { host: 'end.example.com' });
  await until('the stream runs', async () => {
    const replicas = await gateway.api<readonly { service: string; inFlight: number }[]>('/api/replicas');
    return replicas.some(({ inFlight }) => inFlight === 1);
  });
  const ended = gateway.stop();
  await until('no new connection is taken', () =>
    gateway.get('/', { host: 'end.example.com' }).then(
      () => false,
      () => true,
    ),
  );
  const { status, body } = await stream;
  assert.equal(status, 200);
  assert.equal(body.split('\n').length, 41, 'every chunk has come');
  assert.equal(await ended, 0);
});

test('SIGTERM to `npm start` ends the gateway behind it, with its status', async () => {
  const child = spawn(
    'npm',
    [
      'start',
      '--',
      '--providers.docker',
      '--api.insecure',
      '--entrypoints.web.address=127.0.0.1:0',
      '--entrypoints.traefik.address=127.0.0.1:0',
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await until('it listens', () => out.includes('"entryPoint":"web"'));
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
  assert.match(out, /"message":"Ended\."/);
});
