// Faults on purpose, set at the start or while running, as a client sees them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFaults, parseFault } from '../../cosyvoice/faults.ts';
import { isSpeech } from '../../cosyvoice/is-speech.ts';
import { createSpeech } from '../../cosyvoice/speech.ts';
import { recording, startReplica } from '../../support/cosyvoice-replica.ts';

/** One synthesiser is enough for all replicas of this file. */
const SPEECH = createSpeech();
const TEXT = 'Something will go wrong while this is being said.';
const SFT = { tts_text: TEXT, spk_id: '英文男' };

describe('faults', () => {
  it('cuts after so many bytes of a 200', async () => {
    await using replica = await startReplica({ FAULT: 'cut', FAULT_AFTER_BYTES: '1000' }, SPEECH);
    const answer = await replica.send('/inference_sft', { form: SFT });
    assert.deepEqual([answer.status, answer.body.length, answer.complete], [200, 1000, false]);
  });

  it('cuts even when the audio is shorter than the mark', async () => {
    await using replica = await startReplica({ FAULT: 'cut', FAULT_AFTER_BYTES: '100000000' }, SPEECH);
    const answer = await replica.send('/inference_sft', { form: SFT });
    assert.equal(answer.complete, false);
    assert.ok(answer.body.length > 10_000);
  });

  it('cuts a whole WAV short of the length that it promised', async () => {
    await using replica = await startReplica({ FAULT: 'cut', FAULT_AFTER_BYTES: '1000' }, SPEECH);
    const json = { prompt_audio: recording(1).toString('base64'), text: TEXT };
    const answer = await replica.send('/generate', { json });
    assert.deepEqual([answer.status, answer.complete, answer.body.length], [200, false, 1044]);
  });

  it('answers a plain 5xx', async () => {
    await using replica = await startReplica({ FAULT: 'error', FAULT_STATUS: '503' }, SPEECH);
    const answer = await replica.send('/inference_sft', { form: SFT });
    assert.deepEqual([answer.status, answer.body.toString()], [503, 'Internal Server Error']);
  });

  it('hangs after the head while the port stays healthy, until the client leaves', async () => {
    await using replica = await startReplica({ FAULT: 'hang' }, SPEECH);
    let leave = (): void => {};
    const hanging = replica.send('/inference_sft', {
      form: SFT,
      onHead: (incoming) => {
        leave = () => incoming.destroy();
      },
    });
    const { stats } = replica.replica;
    while (stats.counts().inFlight === 0) await new Promise(setImmediate);
    assert.equal((await replica.send('/health', { method: 'GET' })).status, 200);
    await new Promise((resolve) => setTimeout(resolve, 100));
    leave();
    const answer = await hanging;
    assert.deepEqual([answer.status, answer.body.length], [200, 0]);
    while (stats.counts().inFlight > 0) await new Promise(setImmediate);
  });

  it('comes late when slow, and whole', async () => {
    await using replica = await startReplica({ FAULT: 'slow', FAULT_SECONDS: '0.3' }, SPEECH);
    const start = performance.now();
    const answer = await replica.send('/inference_sft', { form: SFT });
    assert.ok(performance.now() - start >= 300);
    assert.ok(answer.complete && isSpeech(answer.body, TEXT));
  });

  it('crashes in the middle of an answer', async () => {
    await using replica = await startReplica({ FAULT: 'crash', FAULT_AFTER_BYTES: '500' }, SPEECH);
    const answer = await replica.send('/inference_sft', { form: SFT });
    assert.equal(answer.body.length, 500);
    assert.ok(replica.crashes() > 0);
  });

  it('is set and lifted while running, and hits as many requests as it says', async () => {
    await using replica = await startReplica({}, SPEECH);
    const set = await replica.send('/control/fault', { json: { kind: 'error', count: 2 } });
    assert.equal(set.status, 200);
    const statuses: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      statuses.push((await replica.send('/inference_sft', { form: SFT })).status);
    }
    assert.deepEqual(statuses, [500, 500, 200]);
    const now = JSON.parse((await replica.send('/control/fault', { method: 'GET' })).body.toString());
    assert.equal(now.count, 0);
  });

  it('answers health checks with 503 while unhealthy, and speaks all the same', async () => {
    await using replica = await startReplica({ FAULT: 'unhealthy' }, SPEECH);
    assert.equal((await replica.send('/health', { method: 'GET' })).status, 503);
    assert.ok((await replica.send('/inference_sft', { form: SFT })).complete);
    await replica.send('/control/fault', { json: { kind: 'none' } });
    assert.equal((await replica.send('/healthz', { method: 'GET' })).status, 200);
  });

  it('refuses a fault that makes no sense', async () => {
    await using replica = await startReplica({}, SPEECH);
    const answer = await replica.send('/control/fault', { json: { kind: 'explode' } });
    assert.equal(answer.status, 422);
  });

  it('hits a share of the requests, the same ones in each run', () => {
    const fault = parseFault({ kind: 'cut', probability: 0.25 });
    const hits = (): boolean[] => {
      const faults = createFaults(fault);
      return Array.from({ length: 400 }, () => faults.strike().kind === 'cut');
    };
    const found = hits().filter(Boolean).length;
    assert.ok(found > 70 && found < 130, `${found}`);
    assert.deepEqual(hits(), hits());
  });

  it('names everything that is wrong with a fault', () => {
    assert.throws(() => parseFault({ kind: 'x', probability: 2, colour: 1 }), /colour.*kind.*probability/);
  });
});
