// One answer that is kept until all of it has come.
import { type Fields, fieldOf, type ReadonlyFields } from '../../../lib/header-fields.ts';
import { faults, GatewayError } from '../../../model/errors.ts';
import type { UpstreamExchange, UpstreamHandler } from '../../live-state/upstream.ts';
import { RelayingHandler } from '../relaying-handler.ts';
import { Spool, type SpoolOwner } from './spool.ts';

/** What is kept of an answer. */
export type KeptAnswer = {
  readonly status: number;
  readonly fields: Fields;
  readonly isLast: boolean;
  readonly body: Spool;
  readonly trailers: Fields;
};

/** Who decides what becomes of it; each is called once at most, and no two. */
export type AnswerJudge = {
  /** All of it has come. It belongs to the judge, who closes its body. */
  onAnswer(answer: KeptAnswer): void;
  /** There is none. */
  onNoAnswer(error: GatewayError): void;
};

/** The limits of a body, in bytes. */
export type BodyLimits = { readonly max: number; readonly mem: number };

/** Keeps the answer to one attempt. Event streams pass, for they never end. */
export class BufferedAnswer extends RelayingHandler implements SpoolOwner {
  readonly #limits: BodyLimits;
  readonly #hasBody: boolean;
  readonly #judge: AnswerJudge;
  readonly #body: Spool;
  #upstream: UpstreamExchange | undefined;
  #head: Pick<KeptAnswer, 'status' | 'fields' | 'isLast'> | undefined;
  #passes = false;
  #isOver = false;

  constructor(limits: BodyLimits, method: string, outer: UpstreamHandler, judge: AnswerJudge) {
    super(outer);
    this.#limits = limits;
    this.#hasBody = method !== 'HEAD';
    this.#judge = judge;
    this.#body = new Spool(limits.mem, this);
  }

  /** The request whose answer this is. */
  follow(upstream: UpstreamExchange): UpstreamExchange {
    this.#upstream = upstream;
    return upstream;
  }

  override onHead(status: number, fields: ReadonlyFields, isLast = false): void {
    if (/^text\/event-stream/i.test(fieldOf(fields, 'content-type') ?? '')) {
      this.#passes = true;
      this.outer.onHead(status, fields, isLast);
      return;
    }
    this.#head = { status, fields: [...fields], isLast };
    if (this.#hasBody && Number(fieldOf(fields, 'content-length') ?? 0) > this.#limits.max) this.#refuse();
  }

  override onData(chunk: Buffer): boolean {
    if (this.#passes) return this.outer.onData(chunk);
    if (this.#isOver) return true;
    if (this.#body.length + chunk.length > this.#limits.max) {
      this.#refuse();
      return true;
    }
    return this.#body.write(chunk);
  }

  override onEnd(trailers: Fields): void {
    if (this.#passes) this.outer.onEnd(trailers);
    else if (!this.#isOver && this.#head !== undefined) {
      const answer = { ...this.#head, body: this.#body, trailers };
      this.#body.end(() => {
        if (this.#isOver) return;
        this.#isOver = true;
        this.#judge.onAnswer(answer);
      });
    }
  }

  override onError(error: GatewayError): void {
    if (this.#passes) this.outer.onError(error);
    else this.#giveUp(error);
  }

  onSpoolDrain(): void {
    this.#upstream?.resume();
  }

  onSpoolError(error: GatewayError): void {
    this.#giveUp(error);
    this.#upstream?.abort();
  }

  /** The client has left, and perhaps nobody else tells. */
  leave(): void {
    if (!this.#passes) this.#giveUp(new GatewayError('client-closed'));
  }

  #refuse(): void {
    this.#giveUp(new GatewayError('answer-too-large'));
    this.#upstream?.abort();
  }

  #giveUp(error: GatewayError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#body.close();
    this.#judge.onNoAnswer(error);
  }
}

/** The status that an error would be answered by. */
export function statusOf({ code }: GatewayError): number {
  return faults[code].status;
}
