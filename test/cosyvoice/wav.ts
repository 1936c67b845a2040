// RIFF/WAVE to mono samples and back. Reads what prompt recordings are made of: PCM of 8, 16, 24 or 32 bits
// and 32-bit floats, any number of channels.

export interface Wav {
  readonly sampleRate: number;
  /** All channels mixed to one, −1 to 1. */
  readonly samples: Float32Array;
}

type ReadSample = (view: DataView, offset: number) => number;

const PCM = 1;
const FLOAT = 3;
/** The real format tag of this one stands in the first two bytes of its sub-format. */
const EXTENSIBLE = 0xfffe;

const READERS: Readonly<Record<string, ReadSample>> = {
  [`${PCM}/8`]: (view, offset) => (view.getUint8(offset) - 128) / 128,
  [`${PCM}/16`]: (view, offset) => view.getInt16(offset, true) / 32_768,
  [`${PCM}/24`]: (view, offset) =>
    ((view.getInt8(offset + 2) << 16) | view.getUint16(offset, true)) / 8_388_608,
  [`${PCM}/32`]: (view, offset) => view.getInt32(offset, true) / 2_147_483_648,
  [`${FLOAT}/32`]: (view, offset) => view.getFloat32(offset, true),
};

/** Throws when the bytes are no WAVE file of a known sample format. A data chunk longer than the file is cut. */
export function parseWav(bytes: Uint8Array): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || tagAt(view, 0) !== 'RIFF' || tagAt(view, 8) !== 'WAVE') {
    throw new Error('Format not recognised.');
  }
  let format: { readonly key: string; readonly channels: number; readonly sampleRate: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const body = at + 8;
    const size = Math.min(view.getUint32(at + 4, true), bytes.length - body);
    if (tagAt(view, at) === 'fmt ' && size >= 16) {
      const tag = view.getUint16(body, true);
      const kind = tag === EXTENSIBLE && size >= 26 ? view.getUint16(body + 24, true) : tag;
      format = {
        key: `${kind}/${view.getUint16(body + 14, true)}`,
        channels: view.getUint16(body + 2, true),
        sampleRate: view.getUint32(body + 4, true),
      };
    }
    if (tagAt(view, at) === 'data' && format !== undefined) {
      const read = READERS[format.key];
      if (read === undefined || format.channels === 0 || format.sampleRate === 0) {
        throw new Error(`Sample format ${format.key} is not supported.`);
      }
      const width = Number(format.key.split('/')[1]) / 8;
      return {
        sampleRate: format.sampleRate,
        samples: mixDown(view, { body, size, width, channels: format.channels }, read),
      };
    }
    // RIFF chunks are padded to an even size.
    at = body + size + (size % 2);
  }
  throw new Error('The file has no audio data.');
}

/** Mono s16le PCM with the 44-byte header that every player reads. */
export function encodeWav(pcm: Uint8Array, sampleRate: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + pcm.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(PCM, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(pcm.length, 40);
  return Buffer.concat([header, pcm]);
}

interface Layout {
  readonly body: number;
  readonly size: number;
  readonly width: number;
  readonly channels: number;
}

function mixDown(view: DataView, layout: Layout, read: ReadSample): Float32Array {
  const frameBytes = layout.width * layout.channels;
  const samples = new Float32Array(Math.floor(layout.size / frameBytes));
  for (let frame = 0; frame < samples.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < layout.channels; channel++) {
      sum += read(view, layout.body + frame * frameBytes + channel * layout.width);
    }
    samples[frame] = sum / layout.channels;
  }
  return samples;
}

function tagAt(view: DataView, offset: number): string {
  return String.fromCharCode(
    view.getUint8(offset),
    view.getUint8(offset + 1),
    view.getUint8(offset + 2),
    view.getUint8(offset + 3),
  );
}
