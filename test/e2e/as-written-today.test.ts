// The labels that users of CosyVoice have today, word for word, on stand-ins: a cluster behind one router, a single
// instance by its own name, and a replica that crashes and comes back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ReplicaView } from '../../src/model/view.ts';
import { analyseSpeech } from '../cosyvoice/is-speech.ts';
import { send } from '../support/cosyvoice-replica.ts';
import { openEngine, type TestEngine } from '../support/engine.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { until } from '../support/until.ts';

const image = 'berth-cosyvoice-stand-in';
const env = { PORT: '7860' };
const text = 'Good morning, this is the harbour office.';
const form = { tts_text: text, spk_id: '英文女' };

const cluster = {
  'traefik.enable': 'true',
  'traefik.http.routers.cosy-lb.rule': 'PathPrefix(`/`)',
  'traefik.http.routers.cosy-lb.entrypoints': 'web',
  'traefik.http.routers.cosy-lb.service': 'cosy-cluster',
  'traefik.http.services.cosy-cluster.loadbalancer.server.port': '7860',
  'traefik.http.services.cosy-cluster.loadbalancer.healthcheck.path': '/healthz',
  'traefik.http.services.cosy-cluster.loadbalancer.healthcheck.interval': '10s',
};
const single = {
  'traefik.enable': 'true',
  'traefik.http.routers.cosy1.rule': 'Host(`cosy1.example.com`)',
  'traefik.http.routers.cosy1.entrypoints': 'web',
  'traefik.http.routers.cosy1.service': 'cosy1',
  'traefik.http.services.cosy1.loadbalancer.server.port': '7860',
};

let engine: TestEngine;
let gateway: GatewayProcess;

before(async () => {
  engine = await openEngine();
  gateway = await startGateway(['--providers.docker=true', engine.constraint]);
});
after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

const readyReplicas = async (service: string) =>
  (await gateway.api<readonly ReplicaView[]>('/api/replicas')).filter(
    (one) => one.service === service && one.ready,
  );
const speak = (host = 'localhost') =>
  send(gateway.port('web'), '/inference_sft', { method: 'POST', form, headers: { host } });

test('four replicas with one router speak in turn', async () => {
  await Promise.all([1, 2, 3, 4].map(() => engine.start({ image, env, labels: cluster })));
  await until(
    'all four pass the health check',
    async () => (await readyReplicas('cosy-cluster@docker')).length === 4,
    60_000,
  );
  const speakers = new Set<unknown>();
  for (let index = 0; index < 4; index += 1) {
    const { status, headers, body } = await speak();
    assert.equal(status, 200);
    speakers.add(headers['x-replica']);
    assert.ok(analyseSpeech(body, { text }).isSpeech);
  }
  assert.equal(speakers.size, 4);
});

test('a single instance is reached by its own name, beside the cluster', async () => {
  const container = await engine.start({ image, env, labels: single });
  const own = container.id.slice(0, 12);
  const answer = await until('it speaks', async () => {
    const spoken = await speak('cosy1.example.com');
    return spoken.status === 200 && spoken.headers['x-replica'] === own ? spoken : undefined;
  });
  assert.ok(analyseSpeech(answer.body, { text }).isSpeech);
  assert.notEqual((await speak()).headers['x-replica'], own);
});

test('a replica that crashes is left out, and serves again when it has come back', async () => {
  const [{ container: victim } = {}] = await readyReplicas('cosy-cluster@docker');
  assert.ok(victim);
  await engine.docker.getContainer(victim.id).kill();
  await until('three are left', async () => (await readyReplicas('cosy-cluster@docker')).length === 3);
  for (let index = 0; index < 6; index += 1) assert.equal((await speak()).status, 200);
  await engine.docker.getContainer(victim.id).start();
  await until('it is back', async () => (await readyReplicas('cosy-cluster@docker')).length === 4, 60_000);
  await until('it speaks', async () => (await speak()).headers['x-replica'] === victim.id.slice(0, 12));
});
