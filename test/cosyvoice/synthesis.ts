// Speaks one request: sentence group after sentence group, each paced by the GPU, with whatever fault hits it. What
// goes wrong is thrown; the caller knows how far its answer had come.

import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, Faults } from './faults.ts';
import type { Gpu } from './gpu.ts';
import { splitSentences } from './sentences.ts';
import type { Settings } from './settings.ts';
import type { Voice } from './speech.ts';
import type { Stats } from './stats.ts';
import type { Takes } from './takes.ts';
import { spokenPart } from './voice.ts';

/** Everything that one replica consists of, shared by its endpoints. */
export interface Replica {
  readonly name: string;
  readonly settings: Settings;
  readonly takes: Takes;
  readonly gpu: Gpu;
  readonly faults: Faults;
  readonly stats: Stats;
  /** Ends the process at once, as a segmentation fault would. */
  readonly crash: () => void;
}

export interface Utterance {
  readonly text: string;
  /** Makes the model's own checks and throws where the model would; asked once, when there is a group to speak. */
  readonly voice: () => Voice;
  /** Without one, every request gets another reading. */
  readonly seed?: number | undefined;
}

/** Who gets the audio. */
export interface Listener {
  write(pcm: Uint8Array): void;
  /** Ends the connection early; nothing is written after it. */
  cut(): void;
  /** Resolves when more may be written, or the client has left. */
  ready(): Promise<void>;
  /** Aborted when the client has left or was cut off. */
  readonly left: AbortSignal;
}

const BYTES_PER_SAMPLE = 2;

/**
 * Resolves when all is spoken, or at the end of the sentence group in which the client left: CosyVoice's synthesis
 * thread is not told of it. Rejects where the model fails.
 */
export async function speak(
  replica: Replica,
  utterance: Utterance,
  fault: Fault,
  listener: Listener,
): Promise<void> {
  if (fault.kind === 'hang') return untilAborted(listener.left);
  const write = breakAfter(replica, fault, listener);
  write(Buffer.alloc(0));
  const groups = splitSentences(utterance.text);
  const voice = groups.length === 0 ? undefined : utterance.voice();
  const seed = utterance.seed ?? randomInt(2 ** 32);
  for (const [index, group] of groups.entries()) {
    if (fault.kind === 'slow') await pause(fault.seconds, listener.left);
    if (voice === undefined || listener.left.aborted) return;
    const pcm = render(replica, group, voice, seed + index);
    const audioSeconds = pcm.length / BYTES_PER_SAMPLE / replica.takes.sampleRate;
    await replica.gpu.run({ audioSeconds, opensRequest: index === 0 }, (piece, pieces) =>
      write(slice(pcm, piece, pieces)),
    );
    await listener.ready();
  }
  // Audio that was shorter than the fault's mark must not turn it into a success.
  breakNow(replica, fault, listener);
}

/** A writer that lets as many bytes through as the fault says, and then breaks. */
function breakAfter(replica: Replica, fault: Fault, listener: Listener): (pcm: Uint8Array) => void {
  const breaks = fault.kind === 'cut' || fault.kind === 'crash';
  let allowed = breaks ? fault.afterBytes : Number.POSITIVE_INFINITY;
  return (pcm) => {
    if (listener.left.aborted) return;
    const passed = pcm.subarray(0, Math.min(pcm.length, allowed));
    if (passed.length > 0) listener.write(passed);
    allowed -= passed.length;
    if (allowed <= 0) breakNow(replica, fault, listener);
  };
}

function breakNow(replica: Replica, fault: Fault, listener: Listener): void {
  if (fault.kind === 'cut' || fault.kind === 'crash') listener.cut();
  // What was written reaches the socket at the end of the tick.
  if (fault.kind === 'crash') setImmediate(replica.crash);
}

function render(replica: Replica, group: string, voice: Voice, seed: number): Buffer {
  const before = process.cpuUsage();
  const pcm = replica.takes.read(spokenPart(group), voice, seed);
  const { user, system } = process.cpuUsage(before);
  const seconds = pcm.length / BYTES_PER_SAMPLE / replica.takes.sampleRate;
  replica.stats.synthesised(seconds, (user + system) / 1e6);
  return pcm;
}

/** Equal pieces that end between samples. */
function slice(pcm: Buffer, piece: number, pieces: number): Buffer {
  const edge = (index: number): number =>
    Math.floor((pcm.length * index) / pieces / BYTES_PER_SAMPLE) * BYTES_PER_SAMPLE;
  return pcm.subarray(edge(piece), edge(piece + 1));
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function pause(seconds: number, left: AbortSignal): Promise<void> {
  await sleep(seconds * 1000, undefined, { signal: left }).catch(() => undefined);
}
