// Records become declarations; the gateway's own networks decide what it reaches.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsFromListed } from '../../../../../src/control-plane/providers/docker/container-facts.ts';
import { createContainerDeclarer } from '../../../../../src/control-plane/providers/docker/declare-containers.ts';
import type { RawListed } from '../../../../../src/control-plane/providers/docker/engine-answers.ts';
import { tableBy } from '../../../../../src/lib/sorted-table.ts';
import type { ContainerRecord } from '../../../../../src/model/container.ts';
import { dockerOptions } from '../../../../support/docker-provider.ts';
import { type FakeContainerOptions, fakeContainer, toListed } from '../../../../support/fake-container.ts';

const recordOf = (options: FakeContainerOptions): ContainerRecord =>
  factsFromListed(toListed(fakeContainer(options)) as RawListed).record;
const table = (...records: ContainerRecord[]) => tableBy(records, ({ id }) => id);
const app = recordOf({ name: 'app', networks: { front: '10.1.0.2', back: '10.2.0.2' } });
const gateway = (...networks: string[]) =>
  recordOf({ name: 'gw', networks: Object.fromEntries(networks.map((name) => [name, '10.9.0.9'])) });
const ownIds = [gateway().id.slice(0, 12)];
const hostAddress = '172.17.0.1';
const urlOf = (config: ReturnType<ReturnType<typeof createContainerDeclarer>>) =>
  config.services.get('app')?.replicas[0]?.url;

test('the network shared with the gateway’s own container is taken, and followed when that changes', () => {
  const declare = createContainerDeclarer(dockerOptions('unix:///x'));
  assert.equal(urlOf(declare(table(app, gateway('front')), { ownIds, hostAddress })), 'http://10.1.0.2:80');
  assert.equal(urlOf(declare(table(app, gateway('back')), { ownIds, hostAddress })), 'http://10.2.0.2:80');
  const apart = declare(table(app, gateway('elsewhere')), { ownIds, hostAddress });
  assert.equal(urlOf(apart), undefined);
  assert.ok(
    [...(apart.services.get('app')?.faults ?? []), ...apart.diagnostics].some(
      ({ code }) => code === 'network-unreachable',
    ),
  );
});

test('a gateway on the host, or in host mode, reaches every network', () => {
  const declare = createContainerDeclarer(dockerOptions('unix:///x'));
  assert.ok(urlOf(declare(table(app), { ownIds: [], hostAddress })));
  const inHostMode = recordOf({ name: 'gw', networks: { host: '' }, networkMode: 'host' });
  assert.ok(urlOf(declare(table(app, inHostMode), { ownIds, hostAddress })));
});

test('containers in host mode are reached at the host’s address from within a container', () => {
  const declare = createContainerDeclarer(dockerOptions('unix:///x'));
  const onHost = recordOf({ name: 'app', networks: { host: '' }, networkMode: 'host' });
  assert.equal(
    urlOf(declare(table(onHost, gateway('front')), { ownIds, hostAddress })),
    'http://172.17.0.1:80',
  );
  assert.equal(urlOf(declare(table(onHost), { ownIds: [], hostAddress })), 'http://127.0.0.1:80');
});

test('what an unchanged container declares keeps its identity', () => {
  const declare = createContainerDeclarer(dockerOptions('unix:///x'));
  const other = recordOf({ name: 'other' });
  const surroundings = { ownIds: [], hostAddress };
  const before = declare(table(app, other), surroundings);
  const after = declare(table(app, { ...other, stopping: true }), surroundings);
  assert.equal(after.services.get('app'), before.services.get('app'));
  assert.equal(after.routers.get('other'), before.routers.get('other'));
  assert.equal(after.services.get('other')?.replicas[0]?.state, 'stopping');
});
