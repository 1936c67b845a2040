// Streams by the ten thousand: their listeners are shared by all of them and find on the stream whom it belongs to, so
// that a stream costs no closures.

/** Who hears of a stream. One object may own several; it is told which one it was. */
export type StreamOwner<Stream> = {
  onData(bytes: Buffer, stream: Stream): void;
  onDrain(stream: Stream): void;
  onEnd(stream: Stream): void;
  /** `close` follows. */
  onError(error: Error, stream: Stream): void;
  onClose(stream: Stream): void;
};

const owner = Symbol('owner');
type OwnedStream = NodeJS.EventEmitter & { [owner]?: StreamOwner<unknown> | undefined };

/** From now on `to` hears what the stream has to say. A stream has one owner at a time. */
export function ownStream<Stream extends NodeJS.EventEmitter>(stream: Stream, to: StreamOwner<Stream>): void {
  (stream as OwnedStream)[owner] = to;
  stream.on('data', onData).on('drain', onDrain).on('end', onEnd).on('error', onError).on('close', onClose);
}

/** Nobody hears of the stream any more, and it holds on to nobody: it may live for hours in other hands. */
export function disownStream(stream: NodeJS.EventEmitter): void {
  stream
    .off('data', onData)
    .off('drain', onDrain)
    .off('end', onEnd)
    .off('error', onError)
    .off('close', onClose);
  // Not by delete, which would turn the stream into a slow object.
  (stream as OwnedStream)[owner] = undefined;
}

function onData(this: OwnedStream, bytes: Buffer): void {
  this[owner]?.onData(bytes, this);
}
function onDrain(this: OwnedStream): void {
  this[owner]?.onDrain(this);
}
function onEnd(this: OwnedStream): void {
  this[owner]?.onEnd(this);
}
function onError(this: OwnedStream, error: Error): void {
  this[owner]?.onError(error, this);
}
function onClose(this: OwnedStream): void {
  this[owner]?.onClose(this);
}
