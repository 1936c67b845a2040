// Memory of what a client sends, given back when the kernel has taken the bytes. Node takes 64 KiB anew for each read of an
// accepted socket; left to the collector, an upload of 1 GB makes it look through the whole heap again and again.

/** Below that the collector does as well. */
const leastBytes = 16 * 1024;

/**
 * Frees the memory behind `bytes`, which are empty afterwards: nobody may hold on to them or to a part of them. What is
 * short, or shares its memory with other bytes, is left alone.
 */
export function freeBytes(bytes: Buffer): void {
  const { buffer } = bytes;
  if (bytes.length < leastBytes || bytes.length !== buffer.byteLength) return;
  // What is transferred is detached, and what becomes of it has no bytes.
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
