// How much copies of requests may hold of a worker: a mirror that is slow, or never answers, must not fill its memory.

/** Copies under way, or waiting to be sent. */
const maxCopies = 256;
/** What is kept of their bodies, in bytes. */
const maxBytes = 64 * 1024 * 1024;

/** The copies of one service. */
export type MirrorRoom = {
  /** Whether one more may be made. */
  readonly hasRoom: boolean;
  /** Bytes that a body may still have. */
  readonly bytesLeft: number;
  /** Takes room for copies with a body of so many bytes, and gives what gives it back, for each of them once. */
  take(copies: number, bytes: number): () => void;
};

/** Nothing is taken. */
export function createMirrorRoom(): MirrorRoom {
  let taken = 0;
  let bytesTaken = 0;
  return {
    get hasRoom() {
      return taken < maxCopies;
    },
    get bytesLeft() {
      return Math.max(0, maxBytes - bytesTaken);
    },
    take(copies, bytes) {
      let left = copies;
      taken += copies;
      // They share the one body.
      bytesTaken += bytes;
      return () => {
        taken -= 1;
        left -= 1;
        if (left === 0) bytesTaken -= bytes;
      };
    },
  };
}
