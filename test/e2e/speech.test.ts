// The main job: compose.yaml as it is shipped, four replicas, and speech through the gateway that is really speech.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ReplicaView } from '../../src/model/view.ts';
import { analyseSpeech } from '../cosyvoice/is-speech.ts';
import { type ComposeProject, openComposeProject } from '../support/compose.ts';
import { recording, send } from '../support/cosyvoice-replica.ts';
import { tlsClient } from '../support/tls-client.ts';
import { until } from '../support/until.ts';

const text = 'The ship has come in, and four berths are waiting for it.';
const sft = { tts_text: text, spk_id: '英文女' };

let project: ComposeProject;

before(async () => {
  project = await openComposeProject();
  await project.scale(4);
  await replicasReady(4);
});
after(async () => {
  await project?.[Symbol.asyncDispose]();
});

/** Waits until exactly `count` replicas of this project may get requests. */
const replicasReady = (count: number) =>
  until(
    `${count} replicas are ready`,
    async () => {
      const answer = await fetch(`http://127.0.0.1:${project.dashboardPort}/api/replicas`);
      const ready = ((await answer.json()) as ReplicaView[]).filter(
        (one) => one.ready && one.container?.name.includes(project.name),
      );
      return ready.length === count;
    },
    120_000,
  );

test('speech comes from all four replicas, and it is speech of the right length', async () => {
  const speakers = new Set<unknown>();
  for (let index = 0; index < 8; index += 1) {
    const { status, headers, body, complete } = await send(project.httpPort, '/inference_sft', {
      method: 'POST',
      form: sft,
    });
    assert.equal(status, 200);
    assert.equal(complete, true);
    speakers.add(headers['x-replica']);
    const report = analyseSpeech(body, { text });
    assert.ok(report.isSpeech, report.reasons.join('; '));
  }
  assert.equal(speakers.size, 4);
});

test("CosyVoice's own client works: GET with a multipart body", async () => {
  const { status, body } = await send(project.httpPort, '/inference_zero_shot', {
    method: 'GET',
    form: { tts_text: text, prompt_text: 'A voice to follow.', prompt_wav: recording(3) },
  });
  assert.equal(status, 200);
  assert.ok(analyseSpeech(body, { text }).isSpeech);
});

test('https speaks too, with the certificate that the gateway makes for itself', async () => {
  const client = await tlsClient(project.httpsPort);
  const { subject } = client.socket.getPeerCertificate();
  client.socket.destroy();
  assert.equal(subject.CN, 'BERTH DEFAULT CERT');
  const { status, body } = await send(project.httpsPort, '/inference_sft', {
    method: 'POST',
    form: sft,
    isTls: true,
  });
  assert.equal(status, 200);
  assert.ok(analyseSpeech(body, { text }).isSpeech);
});

test('the first audio arrives before the last is made', async () => {
  const long = Array.from({ length: 8 }, () => text).join(' ');
  const { pieces, body } = await send(project.httpPort, '/inference_sft', {
    method: 'POST',
    form: { ...sft, tts_text: long },
  });
  assert.ok(pieces.length > 1, `${pieces.length} pieces`);
  assert.ok(analyseSpeech(body, { text: long }).isSpeech);
});

test('scaling down to one while all speak cuts nobody off', async () => {
  const speaking = Array.from({ length: 8 }, () =>
    send(project.httpPort, '/inference_sft', { method: 'POST', form: sft }),
  );
  await project.scale(1);
  for (const { status, complete, body } of await Promise.all(speaking)) {
    assert.equal(status, 200);
    assert.equal(complete, true);
    assert.ok(analyseSpeech(body, { text }).isSpeech);
  }
  await replicasReady(1);
  assert.equal((await send(project.httpPort, '/inference_sft', { method: 'POST', form: sft })).status, 200);
});

test('the gateway container is healthy, is not root, and ends at once with 0', async () => {
  const { execFileSync } = await import('node:child_process');
  const docker = (...args: readonly string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();
  const container = docker(
    'ps',
    '-q',
    '--filter',
    `label=com.docker.compose.project=${project.name}`,
    '--filter',
    'label=com.docker.compose.service=gateway',
  );
  await until(
    'it is healthy',
    () => docker('inspect', '-f', '{{.State.Health.Status}}', container) === 'healthy',
    60_000,
  );
  assert.match(docker('exec', container, 'sh', '-c', 'grep ^Uid /proc/1/status'), /1000/);
  docker('stop', container);
  assert.equal(docker('inspect', '-f', '{{.State.ExitCode}}', container), '0');
});
