// A handler of an answer that may turn out to be for nobody.
import type { Fields } from '../../lib/header-fields.ts';
import type { GatewayError } from '../../model/errors.ts';
import type { UpstreamExchange } from '../live-state/upstream.ts';
import { RelayingHandler } from './relaying-handler.ts';

/** What is read of an answer that nobody gets, so that its connection can be used again; from then on that costs more. */
const maxDroppedBytes = 64 * 1024;

/** Relays an answer until it is dropped; what still comes of it then is thrown away. */
export class DroppableHandler extends RelayingHandler {
  #upstream: UpstreamExchange | undefined;
  #isDropped = false;
  #droppedBytes = 0;

  /** Whether nobody gets the answer. */
  get isDropped(): boolean {
    return this.#isDropped;
  }

  /** The request whose answer this is. */
  follow(upstream: UpstreamExchange): UpstreamExchange {
    this.#upstream = upstream;
    return upstream;
  }

  /** Nobody gets the answer, or no more of it. */
  drop(): void {
    this.#isDropped = true;
  }

  /** What is left of a dropped answer is not waited for any longer. Nothing happens when it is over. */
  abortDropped(): void {
    if (this.#isDropped) this.#upstream?.abort();
  }

  override onInformation(status: number, fields: Fields): void {
    if (!this.#isDropped) super.onInformation(status, fields);
  }

  override onData(chunk: Buffer): boolean {
    if (!this.#isDropped) return super.onData(chunk);
    this.#droppedBytes += chunk.length;
    if (this.#droppedBytes > maxDroppedBytes) this.abortDropped();
    return true;
  }

  override onEnd(trailers: Fields): void {
    if (!this.#isDropped) super.onEnd(trailers);
  }

  override onError(error: GatewayError): void {
    if (!this.#isDropped) super.onError(error);
  }
}
