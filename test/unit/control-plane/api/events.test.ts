// GET /api/events: what is said, when, and what a slow or gone client costs.
import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { GatewayEvent } from '../../../../src/model/view.ts';
import { config, type FakeGateway, healthCheck, replica, service, startFakeGateway } from './fake-gateway.ts';

type Stream = {
  readonly response: IncomingMessage;
  text: string;
  readonly events: () => Told[];
  close(): void;
};
type Told = { readonly id: number; readonly event: string; readonly data: GatewayEvent };

async function openStream(port: number): Promise<Stream> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/api/events', agent: false }, resolve).on('error', reject);
  });
  const stream: Stream = {
    response,
    text: '',
    events: () => parse(stream.text),
    close: () => response.destroy(),
  };
  response.setEncoding('utf8').on('data', (text: string) => {
    stream.text += text;
  });
  response.on('error', () => {});
  await until(() => stream.events().length > 0);
  return stream;
}

function parse(text: string): Told[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((block) => new Map(block.split('\n').map((line) => split(line))))
    .filter((fields) => fields.has('event'))
    .map((fields) => ({
      id: Number(fields.get('id')),
      event: fields.get('event') ?? '',
      data: JSON.parse(fields.get('data') ?? ''),
    }));
}

function split(line: string): [string, string] {
  const colon = line.indexOf(': ');
  return [line.slice(0, colon), line.slice(colon + 2)];
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const load = (inFlight: number) => ({
  service: 'tts@docker',
  replica: 'abc:80',
  inFlight,
  requests: 9,
  failures: 0,
  lastRequest: 1,
});

describe('the event stream', { timeout: 30_000 }, () => {
  let gateway: FakeGateway;
  beforeEach(async () => {
    gateway = await startFakeGateway();
    gateway.config = config({ version: 3, services: [service('tts@docker', { healthCheck })] });
  });
  afterEach(() => gateway.close());

  it('begins with the version of the configuration and the fields of an event stream', async () => {
    const stream = await openStream(gateway.port);
    const { headers } = stream.response;
    assert.match(String(headers['content-type']), /^text\/event-stream/);
    assert.equal(headers['cache-control'], 'no-store');
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/);
    assert.match(stream.text, /^retry: \d+\n/);
    const [first] = stream.events();
    assert.equal(first?.event, 'config');
    assert.deepEqual({ ...first?.data, at: '' }, { type: 'config', at: '', version: 3 });
    stream.close();
  });

  it('tells a changed replica at once, with growing numbers, and nothing that did not change', async () => {
    const stream = await openStream(gateway.port);
    gateway.config = config({
      version: 4,
      services: [
        service('tts@docker', { healthCheck, replicas: [replica('abc:80'), replica('new:80')] }),
        service('other@docker', { replicas: [] }),
      ],
    });
    gateway.changed('config');
    await until(() => stream.events().length === 3);
    const [first, second, third] = stream.events();
    assert.deepEqual([second?.event, third?.event], ['config', 'replica']);
    assert.deepEqual(third?.data.type === 'replica' && third.data.replica.id, 'new:80');
    assert.deepEqual(second?.id, (first?.id ?? 0) + 1);
    assert.deepEqual(third?.id, (first?.id ?? 0) + 2);
    stream.close();
  });

  it('tells a change of health although the configuration is the same', async () => {
    const stream = await openStream(gateway.port);
    gateway.health.set('tts@docker abc:80', { verdict: 'up', since: 5 });
    gateway.changed('health');
    await until(() => stream.events().length === 2);
    const { data } = stream.events()[1] ?? {};
    assert.ok(data?.type === 'replica' && data.replica.health === 'up' && data.replica.ready);
    gateway.changed('health');
    await pause(60);
    assert.equal(stream.events().length, 2, 'nothing is said twice');
    stream.close();
  });

  it('tells which replicas have gone, also with their service', async () => {
    gateway.config = config({
      services: [service('a@docker', { replicas: [replica('a:1'), replica('a:2')] }), service('b@docker')],
    });
    const stream = await openStream(gateway.port);
    gateway.config = config({ services: [service('a@docker', { replicas: [replica('a:1')] })] });
    gateway.changed('config');
    await until(() => stream.events().length === 3);
    assert.deepEqual(
      stream
        .events()
        .slice(1)
        .map(({ data }) => (data.type === 'replica-gone' ? `${data.service} ${data.id}` : data.type))
        .sort(),
      ['a@docker a:2', 'b@docker abc:80'],
    );
    stream.close();
  });

  it('gathers loads: at most four times a second, only what moved', async () => {
    const stream = await openStream(gateway.port);
    const started = Date.now();
    const told = () => stream.events().filter(({ event }) => event === 'loads').length;
    for (let n = 1; told() < 2; n++) {
      gateway.loads.set('tts@docker abc:80', load(n));
      gateway.changed('loads');
      await pause(5);
    }
    const [count, elapsed] = [told(), Date.now() - started];
    // A timer may fire a millisecond early.
    assert.ok(count <= Math.floor((elapsed + 10) / 250), `${count} in ${elapsed} ms`);
    const last = stream.events().at(-1)?.data;
    assert.ok(last?.type === 'loads' && last.replicas.length === 1);
    assert.deepEqual(Object.keys(last.replicas[0] ?? {}).sort(), [
      'failures',
      'id',
      'inFlight',
      'requests',
      'service',
    ]);
    stream.close();
  });

  it('tells that a provider is down and up again', async () => {
    gateway.providers.push({ provider: 'docker', state: 'up', since: 's' });
    const stream = await openStream(gateway.port);
    gateway.providers[0] = { provider: 'docker', state: 'down', message: 'It is gone.', since: 't' };
    gateway.changed('provider');
    await until(() => stream.events().length === 2);
    const { data } = stream.events()[1] ?? {};
    assert.ok(data?.type === 'provider' && data.state.message === 'It is gone.');
    stream.close();
  });

  it('escapes names, so that no label can forge an event', async () => {
    const stream = await openStream(gateway.port);
    const id = 'x\n\nevent: config\ndata: {}<script>';
    gateway.config = config({ services: [service('tts@docker', { replicas: [replica(id)] })] });
    gateway.changed('config');
    await until(() => stream.events().length >= 3);
    assert.doesNotMatch(stream.text, /<script>/);
    const told = stream.events().find(({ event }) => event === 'replica')?.data;
    assert.ok(told?.type === 'replica' && told.replica.id === id);
    stream.close();
  });

  it('listens for changes only while somebody is there', async () => {
    assert.equal(gateway.listeners(), 0);
    const first = await openStream(gateway.port);
    const second = await openStream(gateway.port);
    assert.equal(gateway.listeners(), 1);
    first.close();
    second.close();
    await until(() => gateway.listeners() === 0);
  });

  it('drops a client that does not read, and goes on for the others', async () => {
    const slow = await openStream(gateway.port);
    slow.response.pause();
    const good = await openStream(gateway.port);
    const lost = new Promise((resolve) => slow.response.on('close', resolve));
    for (let version = 4; version < 40; version++) {
      const big = Array.from({ length: 20 }, (_, n) =>
        replica(`${version}-${n}:80`, { container: { id: 'c', name: 'x'.repeat(20_000) } }),
      );
      gateway.config = config({ version, services: [service('tts@docker', { replicas: big })] });
      gateway.changed('config');
      await until(() => good.events().some(({ data }) => data.type === 'config' && data.version === version));
      good.text = '';
    }
    slow.response.resume();
    await lost;
    assert.equal(good.response.destroyed, false);
    good.close();
  });

  it('ends when the API is closed', async () => {
    const stream = await openStream(gateway.port);
    const ended = new Promise((resolve) => stream.response.on('close', resolve));
    await gateway.close();
    await ended;
  });
});
