// The five endpoints of CosyVoice's runtime/python/fastapi/server.py. Status and headers go out before synthesis
// begins, as there: what the model does not accept becomes "200, no bytes, connection cut".

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Field, type Form, fieldErrors, readForm } from './form.ts';
import { cutConnection, replyInvalid, replyText } from './replies.ts';
import type { Settings } from './settings.ts';
import type { Voice } from './speech.ts';
import { type Listener, type Replica, speak } from './synthesis.ts';
import { chooseVoice, type Speaker } from './voice.ts';
import { parseWav } from './wav.ts';

export interface InferenceEndpoint {
  readonly path: string;
  /** In the order of the Python function's parameters, which is the order of FastAPI's complaints. */
  readonly fields: readonly Field[];
}

export const INFERENCE_ENDPOINTS: readonly InferenceEndpoint[] = [
  endpoint('sft', 'tts_text', 'spk_id'),
  endpoint('zero_shot', 'tts_text', 'prompt_text', 'prompt_wav'),
  endpoint('cross_lingual', 'tts_text', 'prompt_wav'),
  endpoint('instruct', 'tts_text', 'spk_id', 'instruct_text'),
  endpoint('instruct2', 'tts_text', 'instruct_text', 'prompt_wav'),
];

/** CosyVoice's limits for a recording (frontend.py, _extract_speech_token; file_utils.py, load_wav). */
const MAX_PROMPT_SECONDS = 30;
const MIN_PROMPT_RATE = 16_000;

/** Reads the form, answers, and speaks. */
export async function answerInference(
  { path, fields }: InferenceEndpoint,
  request: IncomingMessage,
  response: ServerResponse,
  replica: Replica,
): Promise<void> {
  const form = await readForm(request);
  const errors = fieldErrors(form, fields);
  if (errors.length > 0) {
    replyInvalid(response, errors);
    return;
  }
  const fault = replica.faults.strike();
  if (fault.kind === 'error') {
    replica.stats.failed();
    replyText(response, fault.status, 'Internal Server Error');
    return;
  }
  // No Content-Type: Starlette's StreamingResponse is given none.
  response.writeHead(200);
  response.flushHeaders();
  const listener = listen(response, replica);
  const utterance = { text: textOf(form, 'tts_text'), voice: () => modelVoice(path, form, replica.settings) };
  try {
    await speak(replica, utterance, fault, listener);
    if (!listener.left.aborted) response.end();
  } catch (error) {
    console.error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    listener.cut();
  }
}

function endpoint(mode: string, ...names: readonly string[]): InferenceEndpoint {
  const fields = names.map((name): Field => ({ name, kind: name === 'prompt_wav' ? 'file' : 'text' }));
  return { path: `/inference_${mode}`, fields };
}

/** Streams to a response; a full socket holds the next sentence group back, as anyio's iteration does. */
function listen(response: ServerResponse, replica: Replica): Listener {
  const left = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished && !left.signal.aborted) replica.stats.aborted();
    left.abort();
  });
  return {
    left: left.signal,
    write: (pcm) => response.write(pcm),
    cut() {
      if (left.signal.aborted) return;
      replica.stats.failed();
      left.abort();
      cutConnection(response);
    },
    ready: () =>
      new Promise((resolve) => {
        if (!response.writableNeedDrain || left.signal.aborted) return resolve();
        response.once('drain', resolve);
        left.signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
}

/** The voice that a form asks for; throws where the model's own code would. */
function modelVoice(path: string, form: Form, settings: Settings): Voice {
  if (path === '/inference_instruct') {
    throw new Error('AssertionError: inference_instruct is only implemented for CosyVoice!');
  }
  const text = textOf(form, 'tts_text');
  const instruction = textOf(form, 'instruct_text');
  const speaker = speakerOf(form, settings);
  const prompts = `${textOf(form, 'prompt_text')}${instruction}${text}`;
  if (settings.model === 'cosyvoice3' && !prompts.includes('<|endofprompt|>')) {
    throw new Error('AssertionError: <|endofprompt|> not detected in CosyVoice3 text or prompt_text');
  }
  return chooseVoice(speaker, text, instruction);
}

function speakerOf(form: Form, settings: Settings): Speaker {
  const recording = form.get('prompt_wav');
  if (recording?.kind === 'file') return recordedSpeaker(recording.bytes);
  const name = textOf(form, 'spk_id');
  if (!settings.speakers.includes(name)) throw new Error(`KeyError: '${name}'`);
  return { name };
}

/** Whoever speaks in a WAVE file; throws on what CosyVoice does not take. */
export function recordedSpeaker(bytes: Uint8Array): Speaker {
  const recording = parseWav(bytes);
  if (recording.sampleRate < MIN_PROMPT_RATE) {
    throw new Error(`AssertionError: wav sample rate ${recording.sampleRate} must be greater than 16000`);
  }
  if (recording.samples.length / recording.sampleRate > MAX_PROMPT_SECONDS) {
    throw new Error('AssertionError: do not support extract speech token for audio longer than 30s');
  }
  return { recording };
}

function textOf(form: Form, name: string): string {
  const value = form.get(name);
  return value?.kind === 'text' ? value.text : '';
}
