// SIGHUP to the container of the shipped image: process 1 stays, and the process that serves is replaced under load.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReplicaView } from '../../src/model/view.ts';
import { analyseSpeech } from '../cosyvoice/is-speech.ts';
import { openComposeProject } from '../support/compose.ts';
import { send } from '../support/cosyvoice-replica.ts';
import { startLoad } from '../support/load.ts';
import { until } from '../support/until.ts';

const text = 'The harbour master changes the guard, and no ship has to wait for it.';

test('docker kill -s HUP: no request fails, and speech under way is whole', async () => {
  await using project = await openComposeProject();
  await project.scale(2);
  const replicas = async () => {
    const answer = await fetch(`http://127.0.0.1:${project.dashboardPort}/api/replicas`);
    return ((await answer.json()) as ReplicaView[]).filter(
      ({ ready, container }) => ready && container?.name.includes(project.name),
    );
  };
  await until('both replicas are ready', async () => (await replicas()).length === 2, 120_000);
  const logged = async (pattern: RegExp) => (await project.logs()).match(pattern)?.length ?? 0;

  await using churning = startLoad({ port: project.httpPort, path: '/health', clients: 4, churn: true });
  await using keeping = startLoad({ port: project.httpPort, path: '/health', clients: 4 });
  const form = { tts_text: text, spk_id: '英文女' };
  for (let round = 1; round <= 2; round += 1) {
    const speech = send(project.httpPort, '/inference_sft', { method: 'POST', form });
    await project.signal('HUP');
    await until('the next process serves', async () => (await logged(/The next process serves/g)) === round);
    const { status, complete, body } = await speech;
    assert.deepEqual([status, complete], [200, true]);
    assert.ok(analyseSpeech(body, { text }).isSpeech);
    assert.equal((await replicas()).length, 2, 'the new process knows its replicas');
  }
  const [churned, kept] = [await churning.stop(), await keeping.stop()];
  assert.deepEqual([...churned.failures, ...kept.failures], []);
  assert.ok(churned.done > 50 && kept.done > 50, 'there was load');
});
