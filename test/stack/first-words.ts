// The last step of `npm run up`: waits until the replicas are ready, asks for speech through the gateway, keeps it as
// hello.wav, and says where everything is.
import { writeFileSync } from 'node:fs';
import type { ReplicaView } from '../../src/model/view.ts';
import { encodeWav } from '../cosyvoice/wav.ts';

const [wanted = '4', text = 'Hello.'] = process.argv.slice(2);
const httpPort = process.env['BERTH_HTTP_PORT'] ?? '80';
const httpsPort = process.env['BERTH_HTTPS_PORT'] ?? '443';
const dashboardPort = process.env['BERTH_DASHBOARD_PORT'] ?? '8080';
const gateway = `http://localhost${httpPort === '80' ? '' : `:${httpPort}`}`;
const encrypted = `https://localhost${httpsPort === '443' ? '' : `:${httpsPort}`}`;
const dashboard = `http://localhost:${dashboardPort}/dashboard/`;
/** CosyVoice 2 and 3 speak at 24 kHz, 16 bits, one channel. */
const sampleRate = 24_000;
/** Loading takes seconds here and minutes with a real model. */
const patienceMs = 120_000;

const ready = await waitForReplicas(Number(wanted));
process.stderr.write(`• ${ready} replicas are ready; asking one to speak\n`);

const startedAt = performance.now();
const answer = await fetch(`${gateway}/inference_sft`, {
  method: 'POST',
  body: new URLSearchParams({ tts_text: text, spk_id: '英文女' }),
});
if (!answer.ok) throw new Error(`${gateway}/inference_sft answered ${answer.status}: ${await answer.text()}`);
const pcm = Buffer.from(await answer.arrayBuffer());
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(2);
writeFileSync('hello.wav', encodeWav(pcm, sampleRate));

process.stdout.write(`
Replica ${answer.headers.get('x-replica')} spoke ${(pcm.length / 2 / sampleRate).toFixed(1)} s of audio in ${seconds} s: hello.wav

  Gateway     ${gateway}
              ${encrypted} (its certificate is self-signed: curl -k)
  Dashboard   ${dashboard}
  API         http://localhost:${dashboardPort}/api/overview
  Metrics     http://localhost:${dashboardPort}/metrics

Try it:   curl -d 'tts_text=Good morning' -d 'spk_id=英文女' ${gateway}/inference_sft -o morning.pcm
Stop it:  npm run down
`);

/** Polls the API until `count` replicas may get requests, and says so while it waits. */
async function waitForReplicas(count: number): Promise<number> {
  const deadline = performance.now() + patienceMs;
  let last = -1;
  let trouble = 'the gateway did not answer';
  while (performance.now() < deadline) {
    try {
      const replicas = (await (
        await fetch(`http://localhost:${dashboardPort}/api/replicas`)
      ).json()) as ReplicaView[];
      const now = replicas.filter((replica) => replica.ready).length;
      if (now !== last) process.stderr.write(`• ${now} of ${count} replicas ready\n`);
      if (now >= count) return now;
      last = now;
      trouble = replicas
        .map(({ container, state, reason = '' }) => `${container?.name}: ${state} ${reason}`)
        .join('\n');
    } catch (error) {
      trouble = String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(
    `The replicas are not ready after ${patienceMs / 1_000} s. ${trouble}\nSee: docker compose logs`,
  );
}
