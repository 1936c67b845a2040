// docs/compose.gpu.yaml: every replica has a GPU of its own, and all of them are one service of the gateway.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { readComposeFile } from '../../src/commands/compose-file.ts';
import { createContainerDeclarer } from '../../src/control-plane/providers/docker/declare-containers.ts';
import { tableBy } from '../../src/lib/sorted-table.ts';
import { loadStartup } from '../../src/rules/startup/load-startup.ts';
import { parseArguments } from '../../src/rules/startup/parse-arguments.ts';
import { root } from './markdown.ts';

const text = readFileSync(join(root, 'docs/compose.gpu.yaml'), 'utf8');

type Service = {
  readonly deploy?: {
    readonly resources: {
      readonly reservations: { readonly devices: readonly { readonly device_ids: readonly string[] }[] };
    };
  };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
};
const services = Object.entries(
  (parse(text, { merge: true }) as { services: Readonly<Record<string, Service>> }).services,
);
const withGpu = services.filter(([, { deploy }]) => deploy !== undefined);

test('no two replicas reserve the same GPU', () => {
  const devices = withGpu.flatMap(([, { deploy }]) =>
    (deploy?.resources.reservations.devices ?? []).flatMap(({ device_ids }) => device_ids),
  );
  assert.ok(devices.length >= 2);
  assert.equal(new Set(devices).size, devices.length);
});

test('the first replica starts alone, the others when it is healthy', () => {
  const [[first] = ['']] = withGpu;
  for (const [name, { depends_on }] of withGpu) {
    const expected = name === first ? undefined : { [first]: { condition: 'service_healthy' } };
    assert.deepEqual(depends_on, expected, name);
  }
});

test('the gateway sees them as the replicas of one service', () => {
  const { services: containers, faults } = readComposeFile(text, 'berth', {});
  assert.deepEqual(faults, []);
  const gateway = containers.find(({ mountsSocket }) => mountsSocket) ?? assert.fail('There is no gateway.');
  const { docker } = loadStartup({
    flags: parseArguments(gateway.command, {}).entries,
    environment: {},
    configFile: '',
    readFile: () => undefined,
  }).config;
  assert.ok(docker);
  const declared = createContainerDeclarer(docker)(
    tableBy(
      containers.map(({ record }) => record),
      ({ id }) => id,
    ),
    { ownIds: [gateway.record.id], hostAddress: '127.0.0.1' },
  );
  assert.deepEqual([...declared.services.keys()], ['cosyvoice']);
  assert.equal(declared.services.get('cosyvoice')?.origins.length, withGpu.length);
  assert.deepEqual([...declared.routers.keys()], ['cosyvoice']);
});
