// The HTTP surface over real sockets: methods, encodings, complaints, cuts.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyseSpeech, isSpeech } from '../../cosyvoice/is-speech.ts';
import { createSpeech } from '../../cosyvoice/speech.ts';
import { recording, startReplica } from '../../support/cosyvoice-replica.ts';

/** One synthesiser is enough for all replicas of this file. */
const SPEECH = createSpeech();

const TEXT = 'The ship comes into the harbour, and everybody on the pier waves.';
const LONG = `${'A first sentence of a good length that goes on for quite a while, as stories do. '.repeat(5)}Then the end follows, in a group that is long enough to stand alone in the answer. So it stays by itself.`;
const SFT = { tts_text: TEXT, spk_id: '英文女' };
const PROMPT = { prompt_text: 'hello', prompt_wav: recording(2) };

describe('inference endpoints', () => {
  for (const { name, path, form, method } of [
    { name: 'GET with an urlencoded body', path: '/inference_sft', form: SFT, method: 'GET' },
    { name: 'POST with an urlencoded body', path: '/inference_sft', form: SFT, method: 'POST' },
    {
      name: 'GET with a multipart body',
      path: '/inference_zero_shot',
      form: { tts_text: TEXT, ...PROMPT },
      method: 'GET',
    },
    {
      name: 'POST with a multipart body',
      path: '/inference_zero_shot',
      form: { tts_text: TEXT, ...PROMPT },
      method: 'POST',
    },
    {
      name: 'cross-lingual',
      path: '/inference_cross_lingual',
      form: { tts_text: TEXT, prompt_wav: PROMPT.prompt_wav },
      method: 'GET',
    },
    {
      name: 'instruct2',
      path: '/inference_instruct2',
      form: { tts_text: TEXT, instruct_text: 'calm', prompt_wav: PROMPT.prompt_wav },
      method: 'POST',
    },
  ]) {
    it(`speaks: ${name}`, async () => {
      await using replica = await startReplica({}, SPEECH);
      const answer = await replica.send(path, { method, form });
      assert.equal(answer.status, 200);
      assert.equal(answer.complete, true);
      assert.deepEqual(analyseSpeech(answer.body, { text: TEXT }).reasons, []);
    });
  }

  it('sends raw PCM chunked, without type and length, and names its replica', async () => {
    await using replica = await startReplica({}, SPEECH);
    const { headers } = await replica.send('/inference_sft', { form: SFT });
    assert.equal(headers['content-type'], undefined);
    assert.equal(headers['content-length'], undefined);
    assert.equal(headers['transfer-encoding'], 'chunked');
    assert.equal(headers['x-replica'], 'replica-1');
  });

  it('speaks each sentence group in turn', async () => {
    await using replica = await startReplica({ FAULT: 'slow', FAULT_SECONDS: '0.2' }, SPEECH);
    const { body, pieces } = await replica.send('/inference_sft', { form: { ...SFT, tts_text: LONG } });
    assert.ok(pieces.length >= 2, `${pieces.length} pieces`);
    assert.ok(isSpeech(body, LONG));
  });

  it('reads the same text differently each time', async () => {
    await using replica = await startReplica({}, SPEECH);
    const one = await replica.send('/inference_sft', { form: SFT });
    const other = await replica.send('/inference_sft', { form: SFT });
    assert.notDeepEqual(one.body, other.body);
  });

  it('complains about missing fields as FastAPI does', async () => {
    await using replica = await startReplica({}, SPEECH);
    const answer = await replica.send('/inference_zero_shot', { form: { tts_text: '', prompt_wav: 'text' } });
    assert.equal(answer.status, 422);
    const missing = { type: 'missing', msg: 'Field required', input: null };
    assert.deepEqual(JSON.parse(answer.body.toString()), {
      detail: [
        { ...missing, loc: ['body', 'tts_text'] },
        { ...missing, loc: ['body', 'prompt_text'] },
        {
          type: 'value_error',
          loc: ['body', 'prompt_wav'],
          msg: "Value error, Expected UploadFile, received: <class 'str'>",
          input: 'text',
          ctx: { error: {} },
        },
      ],
    });
  });

  it('answers 400 to a multipart body without a boundary', async () => {
    await using replica = await startReplica({}, SPEECH);
    const headers = { 'content-type': 'multipart/form-data' };
    const answer = await replica.send('/inference_sft', { form: SFT, headers });
    assert.equal(answer.status, 400);
    assert.deepEqual(JSON.parse(answer.body.toString()), { detail: 'Missing boundary in multipart.' });
  });

  for (const { name, path, form, model = 'cosyvoice2' } of [
    { name: 'an unknown speaker', path: '/inference_sft', form: { ...SFT, spk_id: 'nobody' } },
    {
      name: 'instruct, which only the first model has',
      path: '/inference_instruct',
      form: { ...SFT, instruct_text: 'x' },
    },
    {
      name: 'a prompt over 30 s',
      path: '/inference_zero_shot',
      form: { tts_text: TEXT, prompt_text: 'x', prompt_wav: recording(30.1, 16_000) },
    },
    {
      name: 'a prompt below 16 kHz',
      path: '/inference_zero_shot',
      form: { tts_text: TEXT, prompt_text: 'x', prompt_wav: recording(2, 8000) },
    },
    {
      name: 'a prompt that is no audio',
      path: '/inference_cross_lingual',
      form: { tts_text: TEXT, prompt_wav: Buffer.from('nonsense') },
    },
    {
      name: 'a CosyVoice3 prompt without its marker',
      path: '/inference_zero_shot',
      form: { tts_text: TEXT, ...PROMPT },
      model: 'cosyvoice3',
    },
    { name: 'blank text', path: '/inference_sft', form: { ...SFT, tts_text: '  ' } },
  ]) {
    it(`cuts the connection after a 200 and no bytes: ${name}`, async () => {
      await using replica = await startReplica({ MODEL: model }, SPEECH);
      const answer = await replica.send(path, { form });
      assert.deepEqual([answer.status, answer.body.length, answer.complete], [200, 0, false]);
      assert.equal(replica.replica.stats.counts().failed, 1);
    });
  }

  it('takes a prompt of exactly 30 s at 16 kHz', async () => {
    await using replica = await startReplica({}, SPEECH);
    const form = { tts_text: TEXT, prompt_text: 'x', prompt_wav: recording(30, 16_000) };
    const answer = await replica.send('/inference_zero_shot', { form });
    assert.ok(answer.complete && isSpeech(answer.body, TEXT));
  });

  it('speaks CosyVoice3 texts whose prompt has the marker', async () => {
    await using replica = await startReplica({ MODEL: 'cosyvoice3' }, SPEECH);
    const prompt_text = 'You are a helpful assistant.<|endofprompt|>hello';
    const answer = await replica.send('/inference_zero_shot', {
      form: { tts_text: TEXT, ...PROMPT, prompt_text },
    });
    assert.ok(answer.complete && isSpeech(answer.body, TEXT));
  });

  it('ends an answer without bytes cleanly when there is nothing but punctuation to say', async () => {
    await using replica = await startReplica({}, SPEECH);
    const answer = await replica.send('/inference_sft', { form: { ...SFT, tts_text: '?!' } });
    assert.deepEqual([answer.status, answer.body.length, answer.complete], [200, 0, true]);
  });

  it('finishes the sentence group of a client that left, and only then counts it out', async () => {
    await using replica = await startReplica({ CURVE: 'h200' }, SPEECH);
    const left = replica.send('/inference_sft', { form: SFT, onHead: (incoming) => incoming.destroy() });
    await left;
    const { stats } = replica.replica;
    while (stats.counts().aborted === 0) await new Promise(setImmediate);
    assert.equal(stats.counts().inFlight, 1);
    while (stats.counts().inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const { gpuSeconds } = JSON.parse((await replica.send('/stats', { method: 'GET' })).body.toString());
    assert.ok(gpuSeconds > 0.5, `${gpuSeconds} s`);
  });
});

describe('/generate', () => {
  const request = { prompt_audio: recording(2).toString('base64'), text: TEXT, mode: 'zero_shot', seed: 7 };

  it('gives the same WAV for the same seed, and another for another', async () => {
    await using replica = await startReplica({}, SPEECH);
    await using other = await startReplica({}, SPEECH);
    const first = await replica.send('/generate', { json: request });
    await replica.send('/generate', { json: { ...request, text: 'Something else.' } });
    const again = await replica.send('/generate', { json: request });
    const elsewhere = await other.send('/generate', { json: request });
    const varied = await replica.send('/generate', { json: { ...request, seed: 8 } });
    assert.equal(first.headers['content-type'], 'audio/wav');
    assert.deepEqual(first.body, again.body);
    assert.deepEqual(first.body, elsewhere.body);
    assert.notDeepEqual(first.body, varied.body);
    assert.ok(isSpeech(first.body.subarray(44), TEXT));
  });

  it('speaks with another voice for another recording', async () => {
    await using replica = await startReplica({}, SPEECH);
    const low = await replica.send('/generate', { json: request });
    const json = { ...request, prompt_audio: recording(2, 24_000, 230).toString('base64') };
    const high = await replica.send('/generate', { json });
    const pitchOf = (wav: Buffer): number => analyseSpeech(wav.subarray(44)).medianPitchHertz;
    assert.ok(pitchOf(high.body) > pitchOf(low.body) * 1.2, `${pitchOf(high.body)} ${pitchOf(low.body)}`);
  });

  it('complains about what is missing or wrong', async () => {
    await using replica = await startReplica({}, SPEECH);
    const answer = await replica.send('/generate', { json: { text: TEXT, mode: 'sing', seed: 1.5 } });
    assert.equal(answer.status, 422);
    const { detail } = JSON.parse(answer.body.toString());
    assert.deepEqual(
      detail.map((entry: { loc: string[] }) => entry.loc[1]),
      ['prompt_audio', 'mode', 'seed'],
    );
    const broken = await replica.send('/generate', { json: { ...request, prompt_audio: 'AAAA' } });
    assert.equal(broken.status, 422);
  });

  it('answers 400 to what is no JSON', async () => {
    await using replica = await startReplica({}, SPEECH);
    assert.equal((await replica.send('/generate', { form: { a: 'b' } })).status, 400);
  });
});

describe('all other paths', () => {
  for (const { method, path, status, header } of [
    { method: 'GET', path: '/health', status: 200 },
    { method: 'GET', path: '/healthz', status: 200 },
    { method: 'HEAD', path: '/docs', status: 200 },
    { method: 'GET', path: '/openapi.json', status: 200 },
    { method: 'HEAD', path: '/inference_sft', status: 405, header: ['allow', 'GET'] },
    { method: 'PUT', path: '/health', status: 405, header: ['allow', 'GET'] },
    { method: 'GET', path: '/generate', status: 405, header: ['allow', 'POST'] },
    { method: 'GET', path: '/', status: 404 },
    { method: 'POST', path: '/inference_vc', status: 404 },
    { method: 'GET', path: '/docs/', status: 307 },
  ]) {
    it(`${method} ${path} is ${status}`, async () => {
      await using replica = await startReplica({}, SPEECH);
      const answer = await replica.send(path, { method });
      assert.equal(answer.status, status);
      if (header !== undefined) assert.equal(answer.headers[header[0] ?? ''], header[1]);
    });
  }

  it('describes every endpoint for GET and POST', async () => {
    await using replica = await startReplica({}, SPEECH);
    const { paths } = JSON.parse((await replica.send('/openapi.json', { method: 'GET' })).body.toString());
    for (const mode of ['sft', 'zero_shot', 'cross_lingual', 'instruct', 'instruct2']) {
      assert.deepEqual(Object.keys(paths[`/inference_${mode}`]), ['get', 'post']);
    }
  });

  it('lets any origin in, preflight included', async () => {
    await using replica = await startReplica({}, SPEECH);
    const origin = 'https://example.com';
    const plain = await replica.send('/health', { method: 'GET', headers: { origin } });
    assert.equal(plain.headers['access-control-allow-origin'], '*');
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-a',
    };
    const preflight = await replica.send('/generate', { method: 'OPTIONS', headers });
    assert.equal(preflight.status, 200);
    assert.equal(preflight.headers['access-control-allow-origin'], origin);
    assert.equal(preflight.headers['access-control-allow-headers'], 'x-a');
  });
});
