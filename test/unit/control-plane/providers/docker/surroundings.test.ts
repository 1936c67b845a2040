// Which container the gateway is, what it reaches, and where containers without a network of their own are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findHostAddress,
  type ProcReader,
  readOwnIds,
} from '../../../../../src/control-plane/providers/docker/own-container.ts';
import { createReachableRecords } from '../../../../../src/control-plane/providers/docker/reachable-records.ts';
import { tableBy, withChanges } from '../../../../../src/lib/sorted-table.ts';
import type { ContainerRecord } from '../../../../../src/model/container.ts';
import { followFakeEngine, until } from '../../../../support/docker-provider.ts';

const id = 'ab'.repeat(32);
const other = 'cd'.repeat(32);

function proc(
  files: Record<string, string>,
  hostname = 'box',
  hosts: Record<string, string> = {},
): ProcReader {
  const find = async (table: Record<string, string>, key: string) => {
    const found = table[key];
    if (found === undefined) throw new Error(`no ${key}`);
    return found;
  };
  return { read: (path) => find(files, path), hostname: () => hostname, lookup: (name) => find(hosts, name) };
}

test('the own id is read from the files that the Engine mounts', async () => {
  const mountinfo = [
    '606 605 0:52 / / rw,relatime - overlay overlay rw',
    `620 606 8:1 /var/lib/docker/containers/${id}/resolv.conf /etc/resolv.conf rw - ext4 /dev/sda1 rw`,
    `621 606 8:1 /var/lib/docker/containers/${id}/hostname /etc/hostname rw - ext4 /dev/sda1 rw`,
  ].join('\n');
  assert.deepEqual(await readOwnIds(proc({ '/proc/self/mountinfo': mountinfo }, 'custom-name')), [id]);
});

test('mounts of other containers, as the host sees them, are not the own id', async () => {
  const mountinfo = `700 30 0:60 / /var/lib/docker/containers/${other}/mounts/shm rw - tmpfs shm rw`;
  assert.deepEqual(await readOwnIds(proc({ '/proc/self/mountinfo': mountinfo })), []);
});

test('control groups and the default host name are hints too', async () => {
  const cgroup = `12:pids:/docker/${id}\n0::/`;
  assert.deepEqual(await readOwnIds(proc({ '/proc/self/cgroup': cgroup }, 'cdcdcdcdcdcd')), [
    id,
    'cdcdcdcdcdcd',
  ]);
});

test('the host is found by name, else as the default gateway, else as loopback', async () => {
  const route =
    'Iface\tDestination\tGateway\tFlags\neth0\t00000000\t010011AC\t0003\neth0\t000011AC\t00000000\t0001\n';
  const files = { '/proc/net/route': route };
  const named = proc(files, 'box', { 'host.containers.internal': '10.0.2.2' });
  assert.equal(await findHostAddress(named), '10.0.2.2');
  assert.equal(await findHostAddress(proc(files)), '172.17.0.1');
  assert.equal(await findHostAddress(proc({})), '127.0.0.1');
});

const idOf = ({ id }: ContainerRecord): string => id;

function record(name: string, networkMode: string, address = ''): ContainerRecord {
  return {
    id: name,
    name,
    image: 'app',
    labels: {},
    state: 'running',
    health: 'none',
    stopping: false,
    since: 0,
    networkMode,
    networks: address === '' ? [] : [{ name: 'bridge', id: 'n', ipv4: address, ipv6: '' }],
    exposedPorts: [],
    portBindings: [],
  };
}

test('a container that joined another one has its networks, over several hops and into the host', () => {
  const records = [
    record('vpn', 'bridge', '172.17.0.5'),
    record('app', 'container:vpn'),
    record('sidecar', 'container:app'),
    record('host', 'host'),
    record('guest', 'container:host'),
    record('orphan', 'container:nobody'),
    record('ring', 'container:ring'),
  ];
  const reachable = createReachableRecords();
  const table = tableBy(records, idOf);
  const result = reachable(table);
  const addresses = Object.fromEntries(
    [...result.values()].map(({ name, networks }) => [name, networks[0]?.ipv4]),
  );
  assert.equal(addresses.app, '172.17.0.5');
  assert.equal(addresses.sidecar, '172.17.0.5');
  assert.equal(result.get('guest')?.networkMode, 'host');
  assert.equal(addresses.orphan, undefined);
  assert.equal(addresses.ring, undefined);
  assert.equal(result.get('vpn'), records[0], 'the others are given back as they are');
  assert.equal(reachable(table), result, 'and derived ones keep their identity');
});

test('one that joined another follows it to its new address, and goes its own way again', () => {
  const reachable = createReachableRecords();
  const guest = record('guest', 'container:vpn');
  const first = tableBy(
    [guest, record('other', 'bridge', '172.17.0.9'), record('vpn', 'bridge', '172.17.0.5')],
    idOf,
  );
  assert.equal(reachable(first).get('guest')?.networks[0]?.ipv4, '172.17.0.5');
  const moved = withChanges(first, [['vpn', record('vpn', 'bridge', '172.17.0.6')]]);
  assert.equal(reachable(moved).get('guest')?.networks[0]?.ipv4, '172.17.0.6');
  const alone = withChanges(moved, [['vpn', undefined]]);
  assert.deepEqual(reachable(alone).get('guest')?.networks, []);
  assert.equal(reachable(alone).get('other'), first.get('other'));
  const freed = withChanges(alone, [['guest', record('guest', 'bridge', '172.17.0.7')]]);
  assert.equal(reachable(freed), freed);
});

test('without such containers the list itself is given back', () => {
  const records = tableBy([record('a', 'bridge', '172.17.0.5')], idOf);
  assert.equal(createReachableRecords()(records), records);
});

test('a container in host mode is reached on the machine itself', async () => {
  await using followed = await followFakeEngine();
  followed.engine.run({ name: 'h', networkMode: 'host', networks: { host: '' } });
  await until(() => followed.configs.at(-1)?.services.get('h')?.replicas[0]?.url === 'http://127.0.0.1:80');
});
