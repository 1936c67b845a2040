// Copies of bytes that are being written: what a connection read may be overwritten before the kernel has taken it. The
// copies are used again, for a new one for each part of a large answer keeps the collector busy for a third of the time.

/** As much as is usually read at once; more than so many wait for slow clients only in a moment of many large answers. */
const usual = { bytes: 64 * 1024, maxKept: 64 };
/** As much as is read at once of a long body; so many are kept for the next one. */
const large = { bytes: 256 * 1024, maxKept: 4 };
/** With so many large copies in use reads are to be of usual size again: a thousand slow clients must not hold that much each. */
const maxLargeInUse = 16;

/** Buffers for one worker, or for one lane of it. */
export type CopyPool = {
  /** A copy; `done` gives its memory back and must be called once, when nobody needs it any more. */
  copy(bytes: Buffer): { readonly bytes: Buffer; readonly done: () => void };
  /** Whether parts as large as those of long bodies are welcome. */
  readonly hasRoomForLarge: boolean;
};

type Stock = {
  readonly inUse: number;
  take(bytes: Buffer): { readonly bytes: Buffer; readonly done: () => void };
};

/** Makes an empty pool. */
export function createCopyPool(): CopyPool {
  const usualStock = createStock(usual);
  const largeStock = createStock(large);
  return {
    copy(bytes) {
      if (bytes.length <= usual.bytes) return usualStock.take(bytes);
      if (bytes.length <= large.bytes) return largeStock.take(bytes);
      return { bytes: Buffer.from(bytes), done: () => {} };
    },
    get hasRoomForLarge() {
      return largeStock.inUse < maxLargeInUse;
    },
  };
}

/** Pieces of one size; those beyond `maxKept` that are given back are left to the collector. */
function createStock({ bytes: pieceBytes, maxKept }: typeof usual): Stock {
  const free: Buffer[] = [];
  let inUse = 0;
  return {
    get inUse() {
      return inUse;
    },
    take(bytes) {
      const memory = free.pop() ?? Buffer.allocUnsafeSlow(pieceBytes);
      inUse += 1;
      bytes.copy(memory);
      return {
        bytes: memory.subarray(0, bytes.length),
        done: () => {
          inUse -= 1;
          if (free.length < maxKept) free.push(memory);
        },
      };
    },
  };
}
