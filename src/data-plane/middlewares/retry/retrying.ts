// One request and its attempts. Nothing is tried again once anything of an answer has gone to the client.
import type { Fields, ReadonlyFields } from '../../../lib/header-fields.ts';
import { faults, GatewayError } from '../../../model/errors.ts';
import type { UpstreamExchange, UpstreamHandler, UpstreamRequest } from '../../live-state/upstream.ts';
import { CurrentExchange } from '../current-exchange.ts';
import { DroppableHandler } from '../droppable-handler.ts';
import type { Inward } from '../exchange.ts';
import { ReplayableBody } from '../replayable-body.ts';

/** What a router's retry middleware does. Lengths of time in milliseconds. */
export type RetryPlan = {
  /** In all. */
  readonly attempts: number;
  /** How long to wait before the nth retry, from 1. */
  readonly delayBefore: (retry: number) => number;
  /** From then on no attempt begins. */
  readonly timeoutMs: number;
  /** Whether what no replica took is tried again. */
  readonly afterNetworkError: boolean;
  readonly afterStatus: (status: number) => boolean;
  readonly maxBodyBytes: number;
};

/** Sends a request until an answer of it will do, or there are no attempts left. */
export class Retrying {
  readonly #exchange = new CurrentExchange(() => this.#letGo());
  readonly #plan: RetryPlan;
  readonly #request: UpstreamRequest;
  /** Kept for further attempts. Undefined: there is none, or nothing is tried again that has begun it. */
  readonly #body: ReplayableBody | undefined;
  readonly #outer: UpstreamHandler;
  readonly #inward: Inward;
  readonly #startedTick = performance.now();
  readonly #dropped: Attempt[] = [];
  #attempts = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    plan: RetryPlan,
    keepsBody: boolean,
    request: UpstreamRequest,
    outer: UpstreamHandler,
    inward: Inward,
  ) {
    this.#plan = plan;
    this.#request = request;
    this.#outer = outer;
    this.#inward = inward;
    const { body } = request;
    this.#body = keepsBody && body !== undefined ? new ReplayableBody(body, plan.maxBodyBytes) : undefined;
  }

  /** Makes the first attempt. */
  send(): UpstreamExchange {
    this.#try();
    return this.#exchange;
  }

  #try(): void {
    this.#timer = undefined;
    this.#attempts += 1;
    const attempt = new Attempt(this.#outer, this);
    const body = this.#body?.open();
    const request = body === undefined ? this.#request : { ...this.#request, body };
    this.#exchange.follow(() => attempt.follow(this.#inward.send(request, attempt)));
  }

  /** Whether an answer of this status is not given to the client. */
  isRepeatedAfter(status: number): boolean {
    return this.#mayTryAgain && this.#plan.afterStatus(status) && this.#body?.isReplayable !== false;
  }

  /** Whether a request that failed before its answer is tried again. */
  isRepeatedAfterError({ code }: GatewayError): boolean {
    const { retry, status } = faults[code];
    if (retry === 'safe' && this.#plan.afterNetworkError) return this.#mayTryAgain;
    return code !== 'client-closed' && this.isRepeatedAfter(status);
  }

  get #mayTryAgain(): boolean {
    const { attempts, timeoutMs } = this.#plan;
    if (this.#attempts >= attempts || this.#exchange.isAborted) return false;
    return performance.now() - this.#startedTick < timeoutMs;
  }

  /** Makes one more attempt, after its time. */
  tryAgain(dropped: Attempt): void {
    this.#dropped.push(dropped);
    this.#inward.noteRetry();
    this.#timer = setTimeout(() => this.#try(), this.#plan.delayBefore(this.#attempts));
  }

  /** The client has all that it gets. */
  finish(): void {
    this.#body?.release();
    for (const attempt of this.#dropped) attempt.abortDropped();
  }

  /** The client has left. */
  #letGo(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.finish();
    this.#outer.onError(new GatewayError('client-closed'));
  }
}

/** The answer to one attempt. */
class Attempt extends DroppableHandler {
  readonly #retrying: Retrying;
  #hasHead = false;

  constructor(outer: UpstreamHandler, retrying: Retrying) {
    super(outer);
    this.#retrying = retrying;
  }

  /** Traefik: of an attempt that may be repeated the client hears nothing before its answer. */
  override onInformation(): void {}

  override onHead(status: number, fields: ReadonlyFields, isLast?: boolean): void {
    if (this.#retrying.isRepeatedAfter(status)) {
      this.drop();
      this.#retrying.tryAgain(this);
      return;
    }
    this.#hasHead = true;
    super.onHead(status, fields, isLast);
  }

  override onEnd(trailers: Fields): void {
    if (!this.isDropped) this.#retrying.finish();
    super.onEnd(trailers);
  }

  override onError(error: GatewayError): void {
    if (this.isDropped) return;
    if (!this.#hasHead && this.#retrying.isRepeatedAfterError(error)) {
      this.drop();
      this.#retrying.tryAgain(this);
      return;
    }
    this.#retrying.finish();
    super.onError(error);
  }
}
