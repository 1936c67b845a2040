// A request's body that can be sent again: what has come of it is kept while it passes, up to a limit. It is read from the
// client no faster than the one who reads it takes it, and nobody waits for all of it.
import type { GatewayError } from '../../model/errors.ts';
import type { BodySink, RequestBody } from '../live-state/upstream.ts';

/** Keeps the body of one request. */
export class ReplayableBody implements BodySink {
  readonly #source: RequestBody;
  readonly #maxBytes: number;
  #kept: Buffer[] | undefined = [];
  #keptBytes = 0;
  #hasBegun = false;
  #isWhole = false;
  #error: GatewayError | undefined;
  #reader: Reader | undefined;

  /** `maxBytes`: Infinity for no limit. */
  constructor(source: RequestBody, maxBytes: number) {
    this.#source = source;
    this.#maxBytes = maxBytes;
  }

  /** Whether `open` gives all of it once more. */
  get isReplayable(): boolean {
    return this.#kept !== undefined;
  }

  /** Whether all of it has come, and is kept. */
  get isComplete(): boolean {
    return this.#isWhole && this.isReplayable;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** One more body of what is kept, once it is complete; readers of copies know nothing of each other. */
  openCopy(): RequestBody {
    return new KeptBody(this.#kept ?? []);
  }

  /** The body from its start. Whoever has read it before hears nothing more. Only while it is replayable. */
  open(): RequestBody {
    const reader = new Reader(this);
    this.#reader = reader;
    return reader;
  }

  /** Nobody reads it any more. */
  release(): void {
    this.#reader = undefined;
    this.#kept = undefined;
    this.#source.cancel();
  }

  /** What has been kept at this place; undefined: nothing (yet). */
  keptAt(place: number): Buffer | undefined {
    return this.#kept?.[place];
  }

  /** The reader has had all that is kept, and wants more. */
  continue(reader: Reader): void {
    if (reader !== this.#reader) return;
    if (this.#isWhole || this.#error !== undefined) reader.finish(this.#error);
    else if (this.#hasBegun) this.#source.resume();
    else {
      this.#hasBegun = true;
      this.#source.begin(this);
    }
  }

  /** The reader wants no more. */
  leave(reader: Reader): void {
    if (reader !== this.#reader) return;
    this.#reader = undefined;
    if (!this.isReplayable) this.#source.cancel();
  }

  onBodyData(chunk: Buffer): boolean {
    const reader = this.#reader;
    const isLive = reader?.isCaughtUp === true;
    this.#keptBytes += chunk.length;
    // What nobody has had yet is kept in any case.
    if (isLive && this.#keptBytes > this.#maxBytes) this.#kept = undefined;
    this.#kept?.push(chunk);
    return isLive && reader.take(chunk);
  }

  onBodyEnd(): void {
    this.#isWhole = true;
    if (this.#reader?.isCaughtUp === true) this.#reader.finish(undefined);
  }

  onBodyError(error: GatewayError): void {
    this.#error = error;
    if (this.#reader?.isCaughtUp === true) this.#reader.finish(error);
  }
}

/** A body of which all has come. */
class KeptBody implements RequestBody {
  readonly #chunks: readonly Buffer[];
  #sink: BodySink | undefined;
  #place = 0;

  constructor(chunks: readonly Buffer[]) {
    this.#chunks = chunks;
  }

  begin(sink: BodySink): void {
    this.#sink = sink;
    this.resume();
  }

  resume(): void {
    let takesMore = true;
    while (takesMore && this.#sink !== undefined) {
      const chunk = this.#chunks[this.#place];
      if (chunk === undefined) break;
      this.#place += 1;
      takesMore = this.#sink.onBodyData(chunk);
    }
    const sink = this.#sink;
    if (sink === undefined || !takesMore || this.#place < this.#chunks.length) return;
    this.#sink = undefined;
    sink.onBodyEnd();
  }

  cancel(): void {
    this.#sink = undefined;
  }
}

/** The body for one attempt. */
class Reader implements RequestBody {
  readonly #body: ReplayableBody;
  #sink: BodySink | undefined;
  #place = 0;
  #isOver = false;
  #isReplaying = false;

  constructor(body: ReplayableBody) {
    this.#body = body;
  }

  /** Whether all that is kept has been given to it. */
  get isCaughtUp(): boolean {
    return this.#sink !== undefined && !this.#isReplaying && this.#body.keptAt(this.#place) === undefined;
  }

  begin(sink: BodySink): void {
    if (this.#isOver) return;
    this.#sink = sink;
    this.resume();
  }

  resume(): void {
    if (this.#sink === undefined || this.#isOver || this.#isReplaying) return;
    this.#isReplaying = true;
    let takesMore = true;
    for (let kept = this.#body.keptAt(this.#place); takesMore; kept = this.#body.keptAt(this.#place)) {
      if (kept === undefined) break;
      this.#place += 1;
      takesMore = this.#give(kept);
    }
    this.#isReplaying = false;
    if (takesMore && !this.#isOver) this.#body.continue(this);
  }

  /** What has just come, where it had all before. False: no more until it resumes. */
  take(chunk: Buffer): boolean {
    this.#place += 1;
    return this.#give(chunk);
  }

  /** It has had all of it; or the client has broken it off. */
  finish(error: GatewayError | undefined): void {
    const sink = this.#sink;
    this.#isOver = true;
    this.#sink = undefined;
    if (error === undefined) sink?.onBodyEnd();
    else sink?.onBodyError(error);
  }

  cancel(): void {
    // As with any body: before it has begun nothing has been read.
    if (this.#sink === undefined || this.#isOver) return;
    this.#isOver = true;
    this.#sink = undefined;
    this.#body.leave(this);
  }

  #give(chunk: Buffer): boolean {
    return this.#sink?.onBodyData(chunk) === true && !this.#isOver;
  }
}
