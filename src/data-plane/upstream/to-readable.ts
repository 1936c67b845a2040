// The body of a request as a stream, for undici, which takes nothing less.
import { Readable } from 'node:stream';
import type { RequestBody } from '../live-state/upstream.ts';

/** It is read when the stream is, is cancelled when the stream is destroyed, and destroys it when it breaks off. */
export function toReadable(body: RequestBody): Readable {
  let hasBegun = false;
  const stream = new Readable({
    read() {
      if (hasBegun) {
        body.resume();
        return;
      }
      hasBegun = true;
      body.begin({
        onBodyData: (chunk) => stream.push(chunk),
        onBodyEnd: () => void stream.push(null),
        onBodyError: (error) => void stream.destroy(error),
      });
    },
    destroy(error, done) {
      body.cancel();
      done(error);
    },
  });
  return stream;
}
