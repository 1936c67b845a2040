// The Docker provider before a fake Engine: every event that matters, and an Engine that fails in every way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDockerProvider } from '../../../../../src/control-plane/providers/docker/create-docker-provider.ts';
import { listContainersOnce } from '../../../../../src/control-plane/providers/docker/list-containers-once.ts';
import type { ProviderConfig } from '../../../../../src/model/provider-config.ts';
import { dockerOptions, followFakeEngine, until } from '../../../../support/docker-provider.ts';
import { createFakeEngine } from '../../../../support/fake-engine.ts';

const inspections = (requests: readonly string[]) =>
  requests.filter((path) => path.startsWith('/containers/') && !path.startsWith('/containers/json'));

test('the first listing needs one request however many containers run, after the event stream is open', async () => {
  await using followed = await followFakeEngine({
    prepare(engine) {
      for (const name of ['a', 'b', 'c']) engine.run({ name });
    },
  });
  assert.deepEqual([...(followed.configs[0]?.services.keys() ?? [])].sort(), ['a', 'b', 'c']);
  assert.deepEqual(
    followed.engine.requests.map((path) => path.split('?')[0]),
    ['/version', '/events', '/containers/json'],
  );
  assert.deepEqual(
    followed.states.map(({ state }) => state),
    ['connecting', 'up'],
  );
});

test('a started container is routed, and only it is inspected', async () => {
  await using followed = await followFakeEngine({ prepare: (engine) => engine.run({ name: 'old' }) });
  const id = followed.engine.run({ name: 'new', networks: { bridge: '172.17.0.9' } });
  await until(() => followed.replicas('new').new === 'ready');
  assert.equal(followed.configs.at(-1)?.services.get('new')?.replicas[0]?.url, 'http://172.17.0.9:80');
  const asked = new Set(inspections(followed.engine.requests));
  assert.deepEqual([...asked], [`/containers/${id}/json`]);
});

test('kill takes a replica out at once, without asking the Engine; die and destroy take it away', async () => {
  await using followed = await followFakeEngine({ prepare: (engine) => engine.run({ name: 'a' }) });
  const id = followed.record('a')?.id ?? '';
  followed.engine.interfere = (path) => (path.includes(id) ? { delayMs: 60_000 } : undefined);
  followed.engine.kill(id);
  await until(() => followed.replicas('a').a === 'stopping');
  followed.engine.die(id);
  await until(() => followed.record('a')?.state === 'exited');
  assert.equal(followed.record('a')?.stopping, false);
  await until(() => followed.configs.at(-1)?.services.size === 0);
  followed.engine.remove(id);
  await until(() => followed.provider.containers().length === 0);
});

test('pause is applied at once, unpause after a look', async () => {
  await using followed = await followFakeEngine({ prepare: (engine) => engine.run({ name: 'a' }) });
  const id = followed.record('a')?.id ?? '';
  followed.engine.pause(id);
  await until(() => followed.replicas('a').a === 'paused');
  followed.engine.unpause(id);
  await until(() => followed.replicas('a').a === 'ready');
});

test('a container with a HEALTHCHECK is starting until it is healthy', async () => {
  await using followed = await followFakeEngine();
  const id = followed.engine.run({ name: 'a', health: 'starting' });
  await until(() => followed.replicas('a').a === 'starting');
  followed.engine.setHealth(id, 'healthy');
  await until(() => followed.replicas('a').a === 'ready');
  followed.engine.setHealth(id, 'unhealthy');
  await until(() => followed.replicas('a').a === 'unhealthy');
});

test('renaming, joining and leaving networks are followed', async () => {
  await using followed = await followFakeEngine({ prepare: (engine) => engine.run({ name: 'a' }) });
  const id = followed.record('a')?.id ?? '';
  followed.engine.rename(id, 'z');
  await until(() => followed.record('z') !== undefined);
  followed.engine.connect(id, 'extra', '10.9.0.2');
  await until(() => followed.record('z')?.networks.length === 2);
  followed.engine.disconnect(id, 'bridge');
  await until(() => followed.configs.at(-1)?.services.get('z')?.replicas[0]?.url === 'http://10.9.0.2:80');
});

test('a container that restarts under another address is followed', async () => {
  await using followed = await followFakeEngine({ prepare: (engine) => engine.run({ name: 'a' }) });
  const id = followed.record('a')?.id ?? '';
  followed.engine.kill(id, 9);
  followed.engine.die(id);
  await until(() => followed.configs.at(-1)?.services.size === 0);
  followed.engine.change(id, { networks: { bridge: '172.17.0.77' } });
  followed.engine.start(id);
  await until(() => followed.configs.at(-1)?.services.get('a')?.replicas[0]?.url === 'http://172.17.0.77:80');
  assert.deepEqual(followed.replicas('a'), { a: 'ready' });
});

test('routes stay while the Engine is away, and what happened meanwhile is seen afterwards', async () => {
  await using followed = await followFakeEngine({
    prepare(engine) {
      engine.run({ name: 'stays' });
      engine.run({ name: 'goes' });
    },
  });
  await followed.engine.goAway();
  await until(() => followed.states.at(-1)?.state === 'down');
  assert.match(followed.states.at(-1)?.message ?? '', /\. .+\./, 'what is wrong and what to do');
  await until(
    () => followed.configs.at(-1)?.diagnostics.some(({ code }) => code === 'provider-down') === true,
  );
  assert.equal(followed.configs.at(-1)?.services.size, 2);
  followed.engine.containers.delete(followed.record('goes')?.id ?? '');
  await followed.engine.comeBack();
  await until(() => followed.states.at(-1)?.state === 'up');
  await until(() => followed.configs.at(-1)?.services.size === 1);
  assert.deepEqual(followed.configs.at(-1)?.diagnostics, []);
  followed.engine.run({ name: 'later' });
  await until(() => followed.replicas('later').later === 'ready');
});

test('a missed event is healed by the next listing', async () => {
  await using followed = await followFakeEngine({
    prepare: (engine) => engine.run({ name: 'a' }),
    times: { relistMs: 20 },
  });
  followed.engine.change(followed.record('a')?.id ?? '', { state: 'paused' });
  await until(() => followed.replicas('a').a === 'paused');
});

test('what happens during the first listing is not lost', async () => {
  const engine = await createFakeEngine();
  const gone = engine.run({ name: 'gone' });
  const configs: ProviderConfig[] = [];
  let answered = false;
  engine.interfere = (path) => {
    if (!path.startsWith('/containers/json') || answered) return undefined;
    answered = true;
    const body = listOf(engine);
    // The list was made before these events, and arrives after them.
    engine.run({ name: 'late', networks: { bridge: '172.17.0.3' } });
    engine.remove(gone);
    return { delayMs: 50, body };
  };
  const provider = createDockerProvider({
    options: dockerOptions(engine.endpoint),
    log: { info: () => {}, warn: () => {} },
    onConfig: (config) => configs.push(config),
    onState: () => {},
  });
  provider.start();
  await until(() => configs.length > 0);
  assert.deepEqual([...(configs.at(-1)?.services.keys() ?? [])], ['late']);
  await provider.close();
  await engine.close();
});

test('a slow inspection never overwrites what an event has told meanwhile', async () => {
  await using followed = await followFakeEngine({ prepare: (engine) => engine.run({ name: 'a' }) });
  const id = followed.record('a')?.id ?? '';
  let slow = true;
  followed.engine.interfere = (path) => {
    if (!path.includes(id) || !slow) return undefined;
    slow = false;
    return { delayMs: 100, body: JSON.stringify({ Id: id, Name: '/a', State: { Status: 'running' } }) };
  };
  followed.engine.rename(id, 'a');
  await until(() => !slow);
  followed.engine.die(id);
  await until(() => followed.record('a')?.state === 'exited');
  const seen = followed.configs.length;
  await until(() => inspections(followed.engine.requests).length >= 2);
  assert.equal(followed.record('a')?.state, 'exited');
  assert.ok(followed.configs.slice(seen).every(({ services }) => services.size === 0));
});

const failures = [
  { name: 'status 500', interference: { status: 500 } },
  { name: 'garbage instead of JSON', interference: { body: '<html>' } },
  { name: 'JSON that is no container', interference: { body: '{"message":"hello"}' } },
  { name: 'a connection cut in the middle', interference: { cut: true } },
];

for (const { name, interference } of failures) {
  test(`an inspection that fails is repeated: ${name}`, async () => {
    await using followed = await followFakeEngine({ options: { httpClientTimeoutMs: 200 } });
    let left = 2;
    followed.engine.interfere = (path) =>
      path.endsWith('/json') && !path.startsWith('/containers/json') && left-- > 0 ? interference : undefined;
    followed.engine.run({ name: 'a' });
    await until(() => followed.replicas('a').a === 'ready');
  });

  test(`a listing that fails is repeated: ${name}`, async () => {
    const engine = await createFakeEngine();
    let left = 2;
    engine.interfere = (path) =>
      path.startsWith('/containers/json') && left-- > 0 ? interference : undefined;
    engine.run({ name: 'a' });
    const configs: ProviderConfig[] = [];
    const provider = createDockerProvider({
      options: dockerOptions(engine.endpoint, { httpClientTimeoutMs: 200 }),
      log: { info: () => {}, warn: () => {} },
      onConfig: (config) => configs.push(config),
      onState: () => {},
      times: { firstRetryMs: 5, maxRetryMs: 20 },
    });
    provider.start();
    await until(() => configs.length > 0);
    assert.equal(configs[0]?.services.size, 1);
    await provider.close();
    await engine.close();
  });
}

test('a container that is gone when it is inspected is gone', async () => {
  await using followed = await followFakeEngine({ prepare: (engine) => engine.run({ name: 'a' }) });
  const id = followed.record('a')?.id ?? '';
  followed.engine.interfere = (path) => (path.includes(id) ? { status: 404 } : undefined);
  followed.engine.rename(id, 'b');
  await until(() => followed.provider.containers().length === 0);
  await until(() => followed.configs.at(-1)?.services.size === 0);
});

test('lines that are no events do no harm', async () => {
  await using followed = await followFakeEngine();
  for (const line of [
    '{',
    'null',
    '[]',
    '"x"',
    '{"Type":"container","Action":"start"}',
    '{"Type":7,"Actor":5}',
    '',
  ]) {
    followed.engine.write(`${line}\n`);
  }
  const [head, tail] = ['{"Type":"container","Action":"start","Ac', 'tor":{"ID":"nobody"}}\n'];
  followed.engine.write(head);
  followed.engine.write(tail);
  await until(() => inspections(followed.engine.requests).includes('/containers/nobody/json'));
  followed.engine.run({ name: 'a' });
  await until(() => followed.replicas('a').a === 'ready');
});

test('a storm of starts and ends converges to what is there', async () => {
  await using followed = await followFakeEngine({ prepare: (engine) => engine.run({ name: 'steady' }) });
  const ids = Array.from({ length: 10 }, (_, at) => followed.engine.run({ name: `storm-${at}` }));
  for (let round = 0; round < 20; round++) {
    for (const [at, id] of ids.entries()) {
      followed.engine.kill(id, 9);
      followed.engine.die(id);
      if (round < 19 || at % 2 === 0) followed.engine.start(id);
    }
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  const expected = ['steady', 'storm-0', 'storm-2', 'storm-4', 'storm-6', 'storm-8'];
  await until(() => {
    const services = followed.configs.at(-1)?.services ?? new Map();
    return (
      services.size === expected.length && expected.every((name) => followed.replicas(name)[name] === 'ready')
    );
  });
  assert.ok(
    followed.configs.every(({ services }) => services.has('steady')),
    'what did not change was never away',
  );
});

test('without watch the containers are listed once', async () => {
  await using followed = await followFakeEngine({
    prepare: (engine) => engine.run({ name: 'a' }),
    options: { watch: false },
  });
  assert.equal(followed.configs[0]?.services.size, 1);
  assert.ok(!followed.engine.requests.some((path) => path.startsWith('/events')));
});

test('faults of the options are diagnostics of every configuration', async () => {
  await using followed = await followFakeEngine({ options: { constraints: 'Lable(' } });
  assert.ok(followed.configs[0]?.diagnostics.some(({ code }) => code === 'constraint'));
});

test('an Engine that is not there at the start is waited for, and nothing is declared until it comes', async () => {
  const engine = await createFakeEngine();
  await engine.goAway();
  const states: string[] = [];
  const configs: ProviderConfig[] = [];
  const provider = createDockerProvider({
    options: dockerOptions(engine.endpoint),
    log: { info: () => {}, warn: () => {} },
    onConfig: (config) => configs.push(config),
    onState: ({ state }) => states.push(state),
    times: { firstRetryMs: 5, maxRetryMs: 20 },
  });
  provider.start();
  await until(() => states.includes('down'));
  assert.equal(configs.length, 0);
  await engine.comeBack();
  await until(() => configs.length > 0);
  await provider.close();
  await engine.close();
});

test('a wrong endpoint is named in the state', async () => {
  const messages: (string | undefined)[] = [];
  const provider = createDockerProvider({
    options: dockerOptions('udp://nowhere'),
    log: { info: () => {}, warn: () => {} },
    onConfig: () => {},
    onState: ({ message }) => messages.push(message),
  });
  provider.start();
  await until(() => messages.some((message) => message?.includes('udp://nowhere')));
  await provider.close();
});

test('one look lists all containers, those at rest with their ports', async () => {
  const engine = await createFakeEngine();
  engine.run({ name: 'up' });
  engine.die(engine.run({ name: 'down', ports: [8080], labels: { 'traefik.enable': 'true' } }));
  const records = await listContainersOnce(dockerOptions(engine.endpoint));
  const ports = Object.fromEntries(records.map(({ name, exposedPorts }) => [name, exposedPorts[0]?.port]));
  assert.deepEqual(ports, { up: 80, down: 8080 });
  await engine.close();
  await assert.rejects(
    listContainersOnce(dockerOptions(engine.endpoint)),
    /There is no Docker socket .* Mount it/,
  );
});

function listOf(engine: {
  readonly containers: ReadonlyMap<string, { readonly id: string; readonly name: string }>;
}) {
  return JSON.stringify(
    [...engine.containers.values()].map(({ id, name }) => ({
      Id: id,
      Names: [`/${name}`],
      State: 'running',
      Status: 'Up 1 second',
      Created: 1,
      Ports: [{ PrivatePort: 80, Type: 'tcp' }],
      NetworkSettings: { Networks: { bridge: { IPAddress: '172.17.0.2' } } },
    })),
  );
}
