// forwardBody: the server that decides is told the body too, so that all of it is kept before the request goes on. A stage,
// because bodies are none of a head middleware's business.
import type { Fields, ReadonlyFields } from '../../../lib/header-fields.ts';
import { GatewayError, toGatewayError } from '../../../model/errors.ts';
import type {
  BodySink,
  RequestBody,
  UpstreamExchange,
  UpstreamHandler,
  UpstreamRequest,
} from '../../live-state/upstream.ts';
import type { Answer, Exchange, Inward, ResponseRewrite } from '../exchange.ts';
import { giveAnswer } from '../give-answer.ts';
import { RelayingHandler } from '../relaying-handler.ts';

/** What the server says: an answer for the client, or what is changed in the request and in what comes back. */
export type AuthVerdict =
  | { readonly answer: Answer }
  | { readonly fields: Fields; readonly rewrite: ResponseRewrite | undefined };

/** How the server is asked. */
export type BodiedQuestion = {
  /** Most bytes of a body. */
  readonly maxBytes: number;
  /** Asks; `body` is undefined where there is none, `fields` are those of the request. */
  ask(body: Buffer | undefined, fields: ReadonlyFields): PendingVerdict;
};

/** A question under way. */
export type PendingVerdict = { readonly verdict: Promise<AuthVerdict>; giveUp(error: GatewayError): void };

/** Reads the body, asks, and sends the request on if it may pass. */
export function askWithBody(
  question: BodiedQuestion,
  request: UpstreamRequest,
  handler: UpstreamHandler,
  inward: Inward,
): UpstreamExchange {
  const asking = new Asking(question, request, handler, inward);
  asking.begin();
  return asking;
}

class Asking implements UpstreamExchange, BodySink {
  readonly #question: BodiedQuestion;
  readonly #request: UpstreamRequest;
  readonly #handler: UpstreamHandler;
  readonly #inward: Inward;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #pending: PendingVerdict | undefined;
  #sent: UpstreamExchange | undefined;
  /** Its handler has heard the last word, or hears it from whom the request went on to. */
  #isSettled = false;

  constructor(question: BodiedQuestion, request: UpstreamRequest, handler: UpstreamHandler, inward: Inward) {
    this.#question = question;
    this.#request = request;
    this.#handler = handler;
    this.#inward = inward;
  }

  get reused(): boolean {
    return this.#sent?.reused ?? false;
  }

  begin(): void {
    const { body } = this.#request;
    if (body === undefined) this.#ask(undefined);
    else body.begin(this);
  }

  resume(): void {
    this.#sent?.resume();
  }

  abort(): void {
    if (this.#sent !== undefined) this.#sent.abort();
    else this.#fail(new GatewayError('client-closed'));
  }

  onBodyData(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#question.maxBytes) this.#fail(new GatewayError('auth-body-too-large'));
    else this.#chunks.push(chunk);
    return true;
  }

  onBodyEnd(): void {
    if (!this.#isSettled) this.#ask(Buffer.concat(this.#chunks.splice(0)));
  }

  onBodyError(error: GatewayError): void {
    this.#fail(error);
  }

  #ask(body: Buffer | undefined): void {
    const told = body === undefined || body.length === 0 ? undefined : body;
    this.#pending = this.#question.ask(told, this.#request.fields);
    this.#pending.verdict.then(
      (verdict) => this.#settle(verdict, body),
      (error: unknown) => this.#fail(toGatewayError(error)),
    );
  }

  #settle(verdict: AuthVerdict, body: Buffer | undefined): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    if ('answer' in verdict) {
      giveAnswer(verdict.answer, this.#request.method, this.#handler);
      return;
    }
    const { exchange } = this.#inward;
    const handler =
      verdict.rewrite === undefined
        ? this.#handler
        : new RewritingHandler(this.#handler, verdict.rewrite, exchange);
    const request = {
      ...this.#request,
      fields: verdict.fields,
      body: body === undefined ? undefined : bodyFrom(body),
    };
    this.#sent = this.#inward.send(request, handler);
  }

  #fail(error: GatewayError): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#chunks.length = 0;
    this.#pending?.giveUp(error);
    this.#request.body?.cancel();
    this.#handler.onError(error);
  }
}

/** Cookies of the server that decides go to the client. */
class RewritingHandler extends RelayingHandler {
  readonly #rewrite: ResponseRewrite;
  readonly #exchange: Exchange;

  constructor(outer: UpstreamHandler, rewrite: ResponseRewrite, exchange: Exchange) {
    super(outer);
    this.#rewrite = rewrite;
    this.#exchange = exchange;
  }

  override onHead(status: number, given: ReadonlyFields, isLast?: boolean): void {
    const fields = [...given];
    this.#rewrite(this.#exchange, { fields });
    super.onHead(status, fields, isLast);
  }
}

/** A body that is there already; it may be begun again. */
export function bodyFrom(bytes: Buffer): RequestBody {
  return {
    begin(sink) {
      if (bytes.length > 0) sink.onBodyData(bytes);
      sink.onBodyEnd();
    },
    resume() {},
    cancel() {},
  };
}
