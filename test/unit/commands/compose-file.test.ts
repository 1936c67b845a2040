// A compose file is read as the containers that it would create.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readComposeFile } from '../../../src/commands/compose-file.ts';

const one = (text: string) => {
  const { services, faults } = readComposeFile(text, 'shop', { PORT: '7860' });
  assert.deepEqual(faults, []);
  const [service] = services;
  assert.ok(service);
  return service;
};

test('labels may be a list or a map, with anchors and doubled dollars', () => {
  const list = one('services: {a: {labels: ["traefik.enable=true", "x.users=u:$$apr1$$s", "bare"]}}').record;
  assert.equal(list.labels['traefik.enable'], 'true');
  assert.equal(list.labels['x.users'], 'u:$apr1$s');
  assert.equal(list.labels.bare, '');
  const map = one('x-l: &l {traefik.enable: true}\nservices: {a: {labels: {<<: *l, p: 80}}}').record;
  assert.equal(map.labels['traefik.enable'], 'true');
  assert.equal(map.labels.p, '80');
});

test('the container side of ports and expose are exposed, lowest first', () => {
  const text = `services: {a: {expose: ["\${PORT}", "90/udp"], ports: ["127.0.0.1:8080:80", "443:8443/tcp", {target: 22}]}}`;
  assert.deepEqual(
    one(text).record.exposedPorts.map(({ port, protocol }) => `${port}/${protocol}`),
    ['22/tcp', '80/tcp', '90/udp', '7860/tcp', '8443/tcp'],
  );
});

test('networks have the names that compose gives them', () => {
  const text =
    'services: {a: {networks: [one, two, three]}}\nnetworks: {two: {name: lan}, three: {external: true}}';
  assert.deepEqual(
    one(text).record.networks.map(({ name }) => name),
    ['shop_one', 'lan', 'three'],
  );
  assert.deepEqual(
    one('services: {a: {}}').record.networks.map(({ name }) => name),
    ['shop_default'],
  );
  assert.equal(one('services: {a: {network_mode: host}}').record.networkMode, 'host');
});

test('the service that mounts the Docker socket is known with its command', () => {
  const gateway = one(
    'services: {g: {command: ["--api.insecure=true"], volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]}}',
  );
  assert.equal(gateway.mountsSocket, true);
  assert.deepEqual(gateway.command, ['--api.insecure=true']);
});

test('what is no compose file is said', () => {
  assert.match(readComposeFile('services: [', 'p', {}).faults[0] ?? '', /line 1/);
  assert.match(readComposeFile('just text', 'p', {}).faults[0] ?? '', /no service/);
  assert.match(readComposeFile('services: {a: {extends: {service: b}}}', 'p', {}).faults[0] ?? '', /extends/);
});
