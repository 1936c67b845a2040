// Listeners that all streams of clients share: they find on the stream whose it is. A stream lives for the length of one
// request, so what is made for it counts.
import type { ServerHttp2Stream } from 'node:http2';

/** Who hears of a stream. */
export type ClientStreamOwner = {
  /** It takes data again, after `awaitDrain`. */
  onDrain(): void;
  /** All data is written and trailers may go out, after `awaitTrailers`. */
  onWantTrailers(): void;
  /** It is over, whether by an end or by an error. Nothing more is heard of it. */
  onClose(): void;
};

const owner = Symbol('owner');
type OwnedStream = ServerHttp2Stream & { [owner]?: ClientStreamOwner | undefined };

/** From now on `to` hears when the stream closes; its body is read by others. */
export function ownClientStream(stream: ServerHttp2Stream, to: ClientStreamOwner): void {
  (stream as OwnedStream)[owner] = to;
  stream.on('error', onError).on('close', onClose);
}

/** `onDrain` follows, once. */
export function awaitDrain(stream: ServerHttp2Stream): void {
  stream.once('drain', onDrain);
}

/** `onWantTrailers` follows the end of the answer's body, once. */
export function awaitTrailers(stream: ServerHttp2Stream): void {
  stream.on('wantTrailers', onWantTrailers);
}

/** Errors are told by `close` with a code. */
function onError(): void {}
function onDrain(this: OwnedStream): void {
  this[owner]?.onDrain();
}
function onWantTrailers(this: OwnedStream): void {
  this[owner]?.onWantTrailers();
}
function onClose(this: OwnedStream): void {
  const to = this[owner];
  // Node keeps closed streams until the next large collection of garbage, and this one shall keep nobody else.
  this[owner] = undefined;
  to?.onClose();
}
