// A stream as the body of a request.
import type { Readable } from 'node:stream';
import { GatewayError } from '../../../model/errors.ts';
import type { RequestBody } from '../../live-state/upstream.ts';

/** `open` is called when the body is begun; the stream is destroyed when nobody wants more of it. */
export function readableBody(open: () => Readable): RequestBody {
  let stream: Readable | undefined;
  return {
    begin(sink) {
      const opened = open();
      stream = opened;
      opened
        .on('data', (chunk: Buffer) => {
          if (!sink.onBodyData(chunk)) opened.pause();
        })
        .on('end', () => sink.onBodyEnd())
        .on('error', (cause) => sink.onBodyError(new GatewayError('internal', { cause })));
    },
    resume: () => void stream?.resume(),
    cancel: () => void stream?.removeAllListeners('data').removeAllListeners('end').destroy(),
  };
}
