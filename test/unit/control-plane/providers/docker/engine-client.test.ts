// How the Engine is reached: endpoints, TLS, credentials, API versions, and what is asked of a socket proxy.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { toEngineAddress } from '../../../../../src/control-plane/providers/docker/engine-address.ts';
import { connectEngine } from '../../../../../src/control-plane/providers/docker/engine-client.ts';
import { explainEngineFault } from '../../../../../src/control-plane/providers/docker/engine-fault.ts';
import { createSshAgent } from '../../../../../src/control-plane/providers/docker/ssh-agent.ts';
import { dockerOptions, followFakeEngine, until } from '../../../../support/docker-provider.ts';
import { createFakeEngine } from '../../../../support/fake-engine.ts';

const address = (endpoint: string, options = {}) => {
  const { options: result, close } = toEngineAddress(dockerOptions(endpoint, options));
  close();
  const { socketPath, host, port, protocol } = result;
  return { socketPath, host, port, protocol };
};

test('endpoints are understood as Traefik and Docker write them', () => {
  const socket = { host: undefined, port: undefined, protocol: 'http' };
  const remote = { socketPath: undefined, host: 'engine' };
  assert.deepEqual(address('unix:///run/docker.sock'), { ...socket, socketPath: '/run/docker.sock' });
  assert.deepEqual(address('/run/docker.sock'), { ...socket, socketPath: '/run/docker.sock' });
  assert.deepEqual(address('npipe:////./pipe/docker_engine'), {
    ...socket,
    socketPath: '//./pipe/docker_engine',
  });
  assert.deepEqual(address('tcp://engine'), { ...remote, port: '2375', protocol: 'http' });
  assert.deepEqual(address('tcp://engine:2376'), { ...remote, port: '2376', protocol: 'http' });
  assert.deepEqual(address('http://engine'), { ...remote, port: '80', protocol: 'http' });
  assert.deepEqual(address('https://engine:8443'), { ...remote, port: '8443', protocol: 'https' });
  const tls = { ca: '', cert: '', key: '', insecureSkipVerify: true };
  assert.deepEqual(address('tcp://engine', { tls }), { ...remote, port: '2376', protocol: 'https' });
  assert.throws(() => address('ftp://engine'), /providers\.docker\.endpoint "ftp:\/\/engine"/);
  assert.throws(() => address('nonsense'), /providers\.docker\.endpoint/);
});

test('a TLS file that cannot be read is named', () => {
  const tls = { ca: '/nowhere/ca.pem', cert: '', key: '', insecureSkipVerify: false };
  assert.throws(() => address('tcp://engine', { tls }), /tls\.ca: the file \/nowhere\/ca\.pem/);
});

test('DOCKER_HOST of the environment does not mix into the endpoint', async () => {
  const engine = await createFakeEngine();
  const before = process.env['DOCKER_HOST'];
  process.env['DOCKER_HOST'] = 'tcp://192.0.2.1:1';
  try {
    const client = await connectEngine(dockerOptions(engine.endpoint));
    assert.deepEqual(await client.list(), []);
    client.close();
  } finally {
    if (before === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = before;
    await engine.close();
  }
});

const versions = [
  { name: 'an old Engine (20.10)', apiVersion: '1.41', minApiVersion: '1.12' },
  { name: 'a new Engine that still knows ours (29)', apiVersion: '1.52', minApiVersion: '1.44' },
  { name: 'an Engine that has dropped ours', apiVersion: '1.60', minApiVersion: '1.55' },
];

for (const { name, ...options } of versions) {
  test(`an API version is agreed on with ${name}`, async () => {
    const engine = await createFakeEngine(options);
    engine.run({ name: 'a' });
    const client = await connectEngine(dockerOptions(engine.endpoint));
    const [listed] = await client.list();
    assert.equal(listed?.record.name, 'a');
    assert.equal((await client.inspect(listed?.record.id ?? ''))?.record.name, 'a');
    client.close();
    await engine.close();
  });
}

test('a socket proxy that allows only events, list and inspect is enough', async () => {
  await using followed = await followFakeEngine({
    prepare(engine) {
      engine.interfere = (path) => (/^\/(?:containers\/|events)/.test(path) ? undefined : { status: 403 });
    },
  });
  followed.engine.run({ name: 'a' });
  await until(() => followed.replicas('a').a === 'ready');
});

test('an Engine on TCP is asked with the credentials, over a kept connection', async () => {
  const engine = await createFakeEngine();
  const authorizations = new Set<string | undefined>();
  let connections = 0;
  const proxy = createServer((question, answer) => {
    authorizations.add(question.headers.authorization);
    const socketPath = engine.endpoint.slice('unix://'.length);
    request({ socketPath, path: question.url }, (inner) => {
      answer.writeHead(inner.statusCode ?? 500, inner.headers);
      inner.pipe(answer);
    }).end();
  }).on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const client = await connectEngine(
    dockerOptions(`tcp://127.0.0.1:${port}`, { username: 'me', password: 'sec:ret' }),
  );
  for (let at = 0; at < 5; at++) await client.list();
  assert.deepEqual([...authorizations], [`Basic ${Buffer.from('me:sec:ret').toString('base64')}`]);
  assert.equal(connections, 1);
  client.close();
  proxy.close();
  proxy.closeAllConnections();
  await engine.close();
});

test('ssh:// runs `docker system dial-stdio` on the host', async () => {
  const engine = await createFakeEngine();
  engine.run({ name: 'a' });
  const folder = mkdtempSync(join(tmpdir(), 'fake-ssh-'));
  const program = join(folder, 'ssh');
  // Stands for ssh: joins its standard streams with the socket, and notes how it was called.
  const script = `#!${process.execPath}
require('node:fs').appendFileSync(${JSON.stringify(join(folder, 'calls'))}, process.argv.slice(2).join(' ') + '\\n');
const socket = require('node:net').connect(${JSON.stringify(engine.endpoint.slice('unix://'.length))});
process.stdin.pipe(socket).pipe(process.stdout);`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  const agent = createSshAgent({ user: 'me', host: 'engine', port: '2222' }, { keepAlive: true }, program);
  const ask = () =>
    new Promise<string>((resolve, reject) => {
      request({ host: 'docker', path: '/containers/json', agent }, (answer) => {
        let body = '';
        answer.on('data', (chunk) => {
          body += chunk;
        });
        answer.on('end', () => resolve(body));
      })
        .on('error', reject)
        .end();
    });
  assert.match(await ask(), /"\/a"/);
  assert.match(await ask(), /"\/a"/);
  const { readFileSync } = await import('node:fs');
  assert.equal(
    readFileSync(join(folder, 'calls'), 'utf8'),
    '-l me -p 2222 -o BatchMode=yes -o ConnectTimeout=30 -- engine docker system dial-stdio\n',
    'one process for both requests',
  );
  agent.destroy();
  rmSync(folder, { recursive: true });
  await engine.close();
});

test('a failed ssh connection says what ssh said', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fake-ssh-'));
  const program = join(folder, 'ssh');
  writeFileSync(program, '#!/bin/sh\necho "Host key verification failed." >&2\nexit 255\n');
  chmodSync(program, 0o755);
  const agent = createSshAgent({ user: '', host: 'engine', port: '' }, {}, program);
  const failed = new Promise<Error>((resolve) => {
    request({ host: 'docker', path: '/', agent }).on('error', resolve).end();
  });
  assert.match((await failed).message, /^ssh ended with status 255: Host key verification failed\.$/);
  rmSync(folder, { recursive: true });
});

test('an Engine that accepts and never answers is given up', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const options = dockerOptions(`tcp://127.0.0.1:${port}`, { httpClientTimeoutMs: 50 });
  await assert.rejects(connectEngine(options), /did not answer within 0\.05 s/);
  silent.close();
  silent.closeAllConnections();
});

const faults = [
  { error: Object.assign(new Error('x'), { code: 'EACCES' }), hint: /group/ },
  { error: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), hint: /Start the Docker Engine/ },
  { error: Object.assign(new Error('x'), { code: 'ENOTFOUND' }), hint: /endpoint/ },
  { error: Object.assign(new Error('x'), { statusCode: 401 }), hint: /username/ },
  { error: Object.assign(new Error('x'), { statusCode: 403 }), hint: /CONTAINERS=1/ },
  { error: 'x', hint: /log of the Docker Engine/ },
];

test('faults are explained with what to do, and without credentials', () => {
  for (const { error, hint } of faults) {
    const fault = explainEngineFault(error, 'https://me:secret@engine:2376');
    assert.match(fault.hint, hint);
    assert.match(fault.message, /https:\/\/engine:2376/);
    assert.ok(!JSON.stringify(fault).includes('secret'));
    assert.match(fault.message, /\.$/);
  }
});

test('closing ends what is under way', async () => {
  const engine = await createFakeEngine();
  const client = await connectEngine(dockerOptions(engine.endpoint));
  engine.interfere = () => ({ delayMs: 60_000 });
  const pending = client.list();
  client.close();
  await assert.rejects(pending, /closed/);
  await engine.close();
});
