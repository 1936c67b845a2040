// POST /generate: a whole WAV for a JSON request, as the thin servers that people put around CosyVoice offer it.
// Nothing is sent before the audio is there, and a seed gives the same bytes each time.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type FieldError, missing } from './form.ts';
import { recordedSpeaker } from './inference.ts';
import { readJson } from './json-body.ts';
import { cutConnection, reply, replyInvalid, replyText } from './replies.ts';
import { type Listener, type Replica, speak } from './synthesis.ts';
import { chooseVoice, type Speaker } from './voice.ts';
import { encodeWav } from './wav.ts';

interface Generation {
  readonly speaker: Speaker;
  readonly text: string;
  readonly instruction: string;
  readonly seed: number | undefined;
}

const MODES = ['zero_shot', 'instruct'];

/** Reads the JSON, speaks, and answers with `audio/wav`. */
export async function answerGenerate(
  request: IncomingMessage,
  response: ServerResponse,
  replica: Replica,
): Promise<void> {
  const body = await readJson(request);
  const parsed = parseGeneration(body);
  if ('errors' in parsed) {
    replyInvalid(response, parsed.errors);
    return;
  }
  const fault = replica.faults.strike();
  if (fault.kind === 'error') {
    replica.stats.failed();
    replyText(response, fault.status, 'Internal Server Error');
    return;
  }
  const { speaker, text, instruction, seed } = parsed;
  const pieces: Uint8Array[] = [];
  const left = new AbortController();
  let cut = false;
  response.once('close', () => {
    if (!response.writableFinished && !cut) replica.stats.aborted();
    left.abort();
  });
  const listener: Listener = {
    left: left.signal,
    write: (pcm) => pieces.push(pcm),
    cut() {
      cut = true;
      left.abort();
    },
    ready: () => Promise.resolve(),
  };
  const voice = () => chooseVoice(speaker, text, instruction);
  try {
    await speak(replica, { text, voice, seed }, fault, listener);
  } catch (error) {
    console.error(`/generate: ${error instanceof Error ? error.message : String(error)}`);
    replica.stats.failed();
    replyText(response, 500, 'Internal Server Error');
    return;
  }
  const wav = encodeWav(Buffer.concat(pieces), replica.takes.sampleRate);
  if (!cut) {
    if (!left.signal.aborted) reply(response, 200, 'audio/wav', wav);
    return;
  }
  replica.stats.failed();
  // One byte more is promised than comes, so that the client can tell.
  response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': wav.length + 1 });
  response.write(wav);
  cutConnection(response);
}

function parseGeneration(body: unknown): Generation | { readonly errors: readonly FieldError[] } {
  const given = new Map(Object.entries(typeof body === 'object' && body !== null ? body : {}));
  const errors: FieldError[] = [];
  const complain = (name: string, msg: string): void => {
    errors.push({ type: 'value_error', loc: ['body', name], msg, input: given.get(name) ?? null });
  };
  const text = (name: string, fallback?: string): string => {
    const value: unknown = given.get(name) ?? fallback;
    if (value === undefined) errors.push(missing(name));
    else if (typeof value !== 'string') complain(name, 'Input should be a valid string');
    return typeof value === 'string' ? value : '';
  };
  const audio = text('prompt_audio');
  const words = text('text');
  if (given.has('text') && words.trim() === '') complain('text', 'Text must not be empty');
  if (!MODES.includes(text('mode', 'zero_shot'))) complain('mode', `Input should be ${MODES.join(' or ')}`);
  const instruction = text('instruct_text', '');
  const seed: unknown = given.get('seed') ?? undefined;
  if (seed !== undefined && !(typeof seed === 'number' && Number.isSafeInteger(seed))) {
    complain('seed', 'Input should be a valid integer');
  }
  let speaker: Speaker = { name: '' };
  try {
    if (audio !== '') speaker = recordedSpeaker(Buffer.from(audio.replace(/^data:[^,]*,/, ''), 'base64'));
  } catch (error) {
    complain('prompt_audio', error instanceof Error ? error.message : String(error));
  }
  if (given.get('prompt_audio') === '') complain('prompt_audio', 'Audio must not be empty');
  if (errors.length > 0) return { errors };
  return { speaker, text: words, instruction, seed: typeof seed === 'number' ? seed : undefined };
}
