// A stream of a test as the body of a request.
import type { Readable } from 'node:stream';
import { ClientBody } from '../../src/data-plane/lanes/client-body.ts';
import type { RequestBody } from '../../src/data-plane/live-state/upstream.ts';

/** `stream.destroy()` is the client that leaves; `onCancel` hears when the body is given up. */
export function bodyOf(stream: Readable, onCancel: () => void = () => {}): RequestBody {
  const source = Object.assign(stream, { aborted: false });
  const body = new ClientBody(source, {
    onBodyWanted: () => {},
    onBodyBytes: () => {},
    onBodyWhole: () => {},
  });
  return {
    begin: (sink) => body.begin(sink),
    resume: () => body.resume(),
    cancel() {
      onCancel();
      body.cancel();
    },
  };
}
