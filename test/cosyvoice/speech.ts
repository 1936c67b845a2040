// Text to samples by espeak-ng in WebAssembly: one instance for the life of the process, synthesis in the calling
// thread (about 15 ms of CPU for 5 s of speech once warm). The same text and voice always give the same samples.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import createEspeak, { type EspeakModule } from '@echogarden/espeak-ng-emscripten';

/** A speaking voice in espeak-ng's own terms. */
export interface Voice {
  /** Voice name such as `en-us` or `cmn`. */
  readonly language: string;
  /** Speaker variant such as `f3` or `m7`. */
  readonly variant: string;
  /** Base pitch, 0 to 99; 50 is the variant's own. */
  readonly pitch: number;
  /** Speed in words a minute; espeak-ng's own is 175. */
  readonly rate: number;
}

export interface Speech {
  /** Samples a second of what `render` gives: 22,050. */
  readonly sampleRate: number;
  /** Mono s16 samples. Blocks while it works, so callers give it one sentence group at a time. */
  render(text: string, voice: Voice): Int16Array;
}

interface Page {
  readonly address: number;
  readonly bytes: Uint8Array;
}

const DATA_DIRECTORY = '/usr/share/espeak-ng-data';
/** The languages of CosyVoice3, Cantonese included. Dictionaries of all others are dropped to save memory. */
const LANGUAGES = new Set(['cmn', 'de', 'en', 'es', 'fr', 'it', 'ja', 'ko', 'ru', 'yue']);
const PAGE_BYTES = 4096;

/** Loads the module and its data: about 0.2 s, and about 40 MB of memory. */
export async function createSpeech(): Promise<Speech> {
  const packaged = readPackagedData();
  const espeak = await createEspeak({ getPreloadedPackage: () => packaged });
  keepOwnLanguages(espeak);
  // The module holds on to its package for ever; detached, its 24 MB are free at once.
  packaged.transfer(0);
  const worker = new espeak.eSpeakNGWorker();
  // The first call makes the glue code allocate its string buffer, which thus is part of the memory image.
  worker.set_voice('en-us');
  const image = copyMemory(espeak.HEAPU8);

  return {
    sampleRate: worker.get_samplerate(),
    render(text, voice) {
      // espeak-ng keeps noise and wave phases between calls. Its memory as it was after loading, put back in
      // 0.4 ms, is what makes equal input give equal samples in any order and in any replica.
      restoreMemory(espeak.HEAPU8, image);
      const name = `${voice.language}+${voice.variant}`;
      // Addresses, not strings: the glue code would allocate room for strings in memory that is then replaced.
      if (worker.set_voice(placeText(espeak, name)) !== 0) throw new Error(`No voice ${name}.`);
      worker.pitch = voice.pitch;
      worker.rate = voice.rate;
      const pieces: Int16Array[] = [];
      worker.synthesize(placeText(espeak, text), (samples) => {
        if (samples.length > 0) pieces.push(samples);
        return false;
      });
      return concatenate(pieces);
    },
  };
}

function readPackagedData(): ArrayBuffer {
  const entry = fileURLToPath(import.meta.resolve('@echogarden/espeak-ng-emscripten'));
  const file = readFileSync(entry.replace(/\.js$/, '.data'));
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
}

function keepOwnLanguages({ FS }: EspeakModule): void {
  const visit = (directory: string): void => {
    for (const name of FS.readdir(directory)) {
      if (name === '.' || name === '..') continue;
      const path = `${directory}/${name}`;
      if (FS.isDir(FS.stat(path).mode)) {
        visit(path);
        continue;
      }
      const language = /^(.+)_dict$/.exec(name)?.[1];
      const own = language === undefined || LANGUAGES.has(language) ? FS.readFile(path) : undefined;
      FS.unlink(path);
      if (own !== undefined) FS.writeFile(path, own, { canOwn: true });
    }
  };
  visit(DATA_DIRECTORY);
}

/** The pages that hold anything; the rest of the 17 MB is zero. */
function copyMemory(memory: Uint8Array): readonly Page[] {
  const pages: Page[] = [];
  for (let address = 0; address < memory.length; address += PAGE_BYTES) {
    const page = memory.subarray(address, address + PAGE_BYTES);
    if (page.some((byte) => byte !== 0)) pages.push({ address, bytes: page.slice() });
  }
  return pages;
}

function restoreMemory(memory: Uint8Array, image: readonly Page[]): void {
  memory.fill(0);
  for (const page of image) memory.set(page.bytes, page.address);
}

function placeText(espeak: EspeakModule, text: string): number {
  const bytes = Buffer.from(`${text.replaceAll('\0', ' ')}\0`);
  const address = espeak._malloc(bytes.length);
  espeak.HEAPU8.set(bytes, address);
  return address;
}

function concatenate(pieces: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
