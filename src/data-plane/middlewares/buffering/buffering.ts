// One exchange whose bodies are read whole before they pass on (vulcand/oxy, buffer/buffer.go).
import { fieldOf, removeField } from '../../../lib/header-fields.ts';
import { GatewayError } from '../../../model/errors.ts';
import type {
  BodySink,
  RequestBody,
  UpstreamExchange,
  UpstreamHandler,
  UpstreamRequest,
} from '../../live-state/upstream.ts';
import { CurrentExchange } from '../current-exchange.ts';
import type { Inward } from '../exchange.ts';
import {
  type AnswerJudge,
  type BodyLimits,
  BufferedAnswer,
  type KeptAnswer,
  statusOf,
} from './buffered-answer.ts';
import type { RetryTest } from './compile-retry-test.ts';
import { readableBody } from './readable-body.ts';
import { Spool, type SpoolOwner } from './spool.ts';

/** What a router's buffering middleware does. */
export type BufferingPlan = {
  readonly request: BodyLimits;
  readonly answer: BodyLimits;
  /** Undefined: never. */
  readonly isRepeated: RetryTest | undefined;
};

/** oxy's DefaultMaxRetryAttempts. */
const maxRetries = 10;

/** Keeps the request, then its answer. */
export class Buffering implements BodySink, SpoolOwner, AnswerJudge {
  readonly #exchange = new CurrentExchange(() => this.#leave());
  readonly #plan: BufferingPlan;
  readonly #original: UpstreamRequest;
  readonly #outer: UpstreamHandler;
  readonly #inward: Inward;
  readonly #body: Spool;
  /** As it is sent; undefined until all of it has come. */
  #request: UpstreamRequest | undefined;
  #answer: BufferedAnswer | undefined;
  #attempts = 0;
  #isOver = false;

  constructor(plan: BufferingPlan, request: UpstreamRequest, outer: UpstreamHandler, inward: Inward) {
    this.#plan = plan;
    this.#original = request;
    this.#outer = outer;
    this.#inward = inward;
    this.#body = new Spool(plan.request.mem, this);
  }

  /** Begins to read the request, or sends it where it has no body. */
  send(): UpstreamExchange {
    const { body, fields } = this.#original;
    if (body === undefined) this.#sendOn(this.#original);
    else if (Number(fieldOf(fields, 'content-length') ?? 0) > this.#plan.request.max) {
      this.#fail(new GatewayError('body-too-large'));
    } else body.begin(this);
    return this.#exchange;
  }

  onBodyData(chunk: Buffer): boolean {
    if (this.#body.length + chunk.length <= this.#plan.request.max) return this.#body.write(chunk);
    this.#refuse(new GatewayError('body-too-large'));
    return true;
  }

  onBodyEnd(): void {
    this.#body.end(() => {
      if (!this.#isOver) this.#sendOn(this.#toWholeRequest());
    });
  }

  onBodyError(error: GatewayError): void {
    this.#fail(error);
  }

  onSpoolDrain(): void {
    this.#original.body?.resume();
  }

  onSpoolError(error: GatewayError): void {
    this.#refuse(error);
  }

  onAnswer(answer: KeptAnswer): void {
    if (this.#mayRepeat(answer.status)) {
      answer.body.close();
      this.#sendAgain();
    } else this.#deliver(answer);
  }

  onNoAnswer(error: GatewayError): void {
    if (error.code !== 'client-closed' && this.#mayRepeat(statusOf(error))) this.#sendAgain();
    else this.#fail(error);
  }

  #toWholeRequest(): UpstreamRequest {
    const fields = [...this.#original.fields];
    removeField(fields, 'content-length');
    fields.push('Content-Length', String(this.#body.length));
    return { ...this.#original, fields, body: undefined };
  }

  #sendOn(request: UpstreamRequest): void {
    this.#request = request;
    this.#attempts += 1;
    const answer = new BufferedAnswer(this.#plan.answer, request.method, this.#passing, this);
    this.#answer = answer;
    this.#exchange.follow(() =>
      answer.follow(this.#inward.send({ ...request, body: this.#bodyAgain() }, answer)),
    );
  }

  #bodyAgain(): RequestBody | undefined {
    return this.#body.length === 0 ? undefined : readableBody(() => this.#body.open());
  }

  #sendAgain(): void {
    this.#inward.noteRetry();
    this.#sendOn(this.#request as UpstreamRequest);
  }

  #mayRepeat(status: number): boolean {
    const { isRepeated } = this.#plan;
    if (isRepeated === undefined || this.#attempts > maxRetries || this.#exchange.isAborted) return false;
    return isRepeated({ method: this.#original.method, attempts: this.#attempts, status });
  }

  #deliver({ status, fields, isLast, body, trailers }: KeptAnswer): void {
    if (body.length > 0 && trailers.length === 0 && fieldOf(fields, 'content-length') === undefined) {
      fields.push('Content-Length', String(body.length));
    }
    this.#outer.onHead(status, fields, isLast || (body.length === 0 && trailers.length === 0));
    const stream = body.open();
    const end = (): void => {
      stream.destroy();
      body.close();
      this.#close();
    };
    stream
      .on('data', (chunk: Buffer) => {
        if (!this.#outer.onData(chunk)) stream.pause();
      })
      .on('end', () => {
        if (this.#isOver) return;
        end();
        this.#outer.onEnd(trailers);
      })
      .on('error', (cause) => this.#fail(new GatewayError('internal', { cause })));
    this.#exchange.follow(() => ({
      reused: false,
      resume: () => void stream.resume(),
      abort: () => {
        if (this.#isOver) return;
        end();
        this.#outer.onError(new GatewayError('client-closed'));
      },
    }));
  }

  /** For what is not kept: an upgrade, interim answers, and event streams. */
  get #passing(): UpstreamHandler {
    const outer = this.#outer;
    return {
      onInformation: (status, fields) => outer.onInformation(status, fields),
      onHead: (status, fields, isLast) => outer.onHead(status, fields, isLast),
      onData: (chunk) => outer.onData(chunk),
      onEnd: (trailers) => {
        this.#close();
        outer.onEnd(trailers);
      },
      onUpgrade: (fields, socket) => {
        this.#close();
        outer.onUpgrade(fields, socket);
      },
      onError: (error) => this.#fail(error),
    };
  }

  /** Nothing has been sent yet, and nothing will be. */
  #refuse(error: GatewayError): void {
    this.#original.body?.cancel();
    this.#fail(error);
  }

  #fail(error: GatewayError): void {
    if (this.#isOver) return;
    this.#close();
    this.#outer.onError(error);
  }

  #close(): void {
    this.#isOver = true;
    this.#body.close();
  }

  /** The client has left. */
  #leave(): void {
    if (this.#request === undefined) this.#refuse(new GatewayError('client-closed'));
    else this.#answer?.leave();
  }
}
