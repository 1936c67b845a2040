// One answer on its way through a coder. Bytes that have come are never held back: when the replica pauses, what the coder
// has goes out.
import type { Fields, ReadonlyFields } from '../../../lib/header-fields.ts';
import { GatewayError } from '../../../model/errors.ts';
import type { ContentEncoding } from '../../../model/middlewares/compress.ts';
import type { UpstreamExchange, UpstreamHandler } from '../../live-state/upstream.ts';
import { RelayingHandler } from '../relaying-handler.ts';
import { lengthOf, toEncodedFields, withVary } from './answer-fields.ts';
import { createEncoder, type Encoder, flushEncoder } from './create-encoder.ts';
import { type CompressionTest, looksLikeText } from './may-compress.ts';

/** What a router's compress middleware has decided for a request. */
export type CompressionPlan = {
  readonly mayCompress: CompressionTest;
  readonly minBytes: number;
  /** Undefined: the client takes none. */
  readonly encoding: ContentEncoding | undefined;
};

type Head = { readonly status: number; readonly fields: Fields };

/** Stands between a replica and a client that takes a coding. */
export class Compression extends RelayingHandler implements UpstreamExchange {
  readonly #plan: CompressionPlan;
  /** Set once the request is under way. */
  #upstream: UpstreamExchange | undefined;
  /** Its head is held until it is known whether the answer is long enough. */
  #held: Head | undefined;
  #isOfNoType = false;
  #heldBytes: Buffer[] = [];
  #heldLength = 0;
  #encoder: Encoder | undefined;
  #isFlushPlanned = false;
  /** The replica has given all of it; the coder has not. */
  #isEnding = false;
  #isOver = false;

  constructor(plan: CompressionPlan, outer: UpstreamHandler) {
    super(outer);
    this.#plan = plan;
  }

  /** The request whose answer this is. */
  follow(upstream: UpstreamExchange): this {
    this.#upstream = upstream;
    return this;
  }

  get reused(): boolean {
    return this.#upstream?.reused ?? false;
  }

  override onHead(status: number, upstreamFields: ReadonlyFields, isLast = false): void {
    const { mayCompress, encoding, minBytes } = this.#plan;
    const answer = isLast ? false : mayCompress(status, upstreamFields);
    if (answer === false) {
      this.outer.onHead(status, upstreamFields, isLast);
      return;
    }
    const head = { status, fields: withVary(upstreamFields) };
    const length = lengthOf(upstreamFields);
    if (encoding === undefined || (length !== undefined && length < minBytes)) {
      this.outer.onHead(status, head.fields);
      return;
    }
    this.#isOfNoType = answer === 'unknown';
    if (length !== undefined && !this.#isOfNoType) this.#begin(head, encoding);
    else {
      this.#held = head;
      this.#planFlush();
    }
  }

  override onData(chunk: Buffer): boolean {
    if (this.#isOver) return true;
    if (this.#encoder !== undefined) return this.#encode(this.#encoder, chunk);
    if (this.#held === undefined) return this.outer.onData(chunk);
    this.#heldBytes.push(chunk);
    this.#heldLength += chunk.length;
    return this.#heldLength < this.#plan.minBytes || this.#decide();
  }

  override onEnd(trailers: Fields): void {
    if (this.#isOver) return;
    const encoder = this.#encoder;
    if (encoder !== undefined) {
      this.#isEnding = true;
      encoder.once('end', () => this.#finish(trailers)).end();
      return;
    }
    if (this.#held !== undefined) this.#letGo(trailers.length === 0);
    this.#isOver = true;
    this.outer.onEnd(trailers);
  }

  override onError(error: GatewayError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#encoder?.destroy();
    this.outer.onError(error);
  }

  resume(): void {
    this.#encoder?.resume();
    if (this.#encoder === undefined) this.#upstream?.resume();
  }

  abort(): void {
    if (this.#isEnding) this.onError(new GatewayError('client-closed'));
    else this.#upstream?.abort();
  }

  /** Enough has come, or the replica pauses: the answer is not held any longer. */
  #decide(): boolean {
    const head = this.#held as Head;
    const { encoding } = this.#plan;
    if (encoding === undefined || (this.#isOfNoType && !this.#isText())) return this.#letGo(false);
    const encoder = this.#begin(head, encoding);
    let takesMore = true;
    for (const chunk of this.#heldBytes.splice(0)) takesMore = this.#encode(encoder, chunk);
    return takesMore;
  }

  #isText(): boolean {
    return this.#heldLength > 0 && looksLikeText(Buffer.concat(this.#heldBytes));
  }

  #encode(encoder: Encoder, chunk: Buffer): boolean {
    this.#planFlush();
    return encoder.write(chunk);
  }

  /** As it came; `isWhole`: that is all of it. */
  #letGo(isWhole: boolean): boolean {
    const { status, fields } = this.#held as Head;
    this.#held = undefined;
    if (isWhole && lengthOf(fields) === undefined) fields.push('Content-Length', String(this.#heldLength));
    this.outer.onHead(status, fields);
    let takesMore = true;
    for (const chunk of this.#heldBytes.splice(0)) takesMore = this.outer.onData(chunk);
    return takesMore;
  }

  #begin({ status, fields }: Head, encoding: ContentEncoding): Encoder {
    const encoder = createEncoder(encoding);
    this.#held = undefined;
    this.#encoder = encoder;
    encoder
      .on('data', (bytes: Buffer) => {
        if (!this.#isOver && !this.outer.onData(bytes)) encoder.pause();
      })
      .on('drain', () => this.#upstream?.resume())
      .on('error', (cause) => {
        this.onError(new GatewayError('internal', { cause }));
        this.#upstream?.abort();
      });
    this.outer.onHead(status, toEncodedFields(fields, encoding));
    return encoder;
  }

  #finish(trailers: Fields): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.outer.onEnd(trailers);
  }

  /** On the next turn: what has come by then has come together. */
  #planFlush(): void {
    if (this.#isFlushPlanned) return;
    this.#isFlushPlanned = true;
    setImmediate(flush, this);
  }

  flush(): void {
    this.#isFlushPlanned = false;
    if (this.#isOver || this.#isEnding) return;
    const { encoding } = this.#plan;
    if (this.#held !== undefined) this.#decide();
    else if (this.#encoder !== undefined && encoding !== undefined) flushEncoder(this.#encoder, encoding);
  }
}

function flush(compression: Compression): void {
  compression.flush();
}
