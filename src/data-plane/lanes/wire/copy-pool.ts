// Copies of bytes that are being written: what a connection read may be overwritten before the kernel has taken it. The
// copies are used again, for a new one for each part of a large answer keeps the collector busy for a third of the time.

/** As much as is read at once. */
const pieceBytes = 64 * 1024;
/** More than so many wait for a slow client only in a moment of many large answers; they are let go afterwards. */
const maxKept = 64;

/** Buffers for one worker, or for one lane of it. */
export type CopyPool = {
  /** A copy; `done` gives its memory back and must be called once, when nobody needs it any more. */
  copy(bytes: Buffer): { readonly bytes: Buffer; readonly done: () => void };
};

/** Makes an empty pool. */
export function createCopyPool(): CopyPool {
  const free: Buffer[] = [];
  return {
    copy(bytes) {
      if (bytes.length > pieceBytes) return { bytes: Buffer.from(bytes), done: () => {} };
      const memory = free.pop() ?? Buffer.allocUnsafeSlow(pieceBytes);
      bytes.copy(memory);
      return {
        bytes: memory.subarray(0, bytes.length),
        done: () => {
          if (free.length < maxKept) free.push(memory);
        },
      };
    },
  };
}
