// One question to the server that decides on access, and its answer. Redirections are never followed: where to is what a
// stranger can bring the server to say.
import type { Duplex } from 'node:stream';
import type { Fields, ReadonlyFields } from '../../../lib/header-fields.ts';
import { GatewayError } from '../../../model/errors.ts';
import type {
  Upstream,
  UpstreamExchange,
  UpstreamHandler,
  UpstreamRequest,
} from '../../live-state/upstream.ts';

/** What it says. The body is empty where the request may pass: nobody gets to see it. */
export type AuthAnswer = { readonly status: number; readonly fields: ReadonlyFields; readonly body: Buffer };

/** Limits of an answer. */
export type AuthLimits = {
  /** Bytes of its body; infinite for none. */
  readonly maxBytes: number;
  /** Milliseconds from the question to its end. */
  readonly timeoutMs: number;
};

/** A question under way. */
export type PendingAnswer = {
  /** Rejects with a GatewayError when there is no answer, or too much of it. */
  readonly answer: Promise<AuthAnswer>;
  /** Nobody waits for the answer any more; without effect when it is there. */
  giveUp(error: GatewayError): void;
};

/** Asks. */
export function askAuthServer(
  upstream: Upstream,
  request: UpstreamRequest,
  limits: AuthLimits,
): PendingAnswer {
  const { promise, resolve, reject } = Promise.withResolvers<AuthAnswer>();
  const question = new Question(upstream, request, limits, { resolve, reject });
  return { answer: promise, giveUp: (error) => question.giveUp(error) };
}

/** Whether the server lets the request pass (Traefik: any 2xx). */
export function isConsent(status: number): boolean {
  return status >= 200 && status < 300;
}

type Settle = { resolve(answer: AuthAnswer): void; reject(error: GatewayError): void };

class Question implements UpstreamHandler {
  readonly #upstream: Upstream;
  readonly #request: UpstreamRequest;
  readonly #limits: AuthLimits;
  readonly #settle: Settle;
  readonly #timer: NodeJS.Timeout;
  #sent: UpstreamExchange | undefined;
  #status = 0;
  #fields: ReadonlyFields = [];
  #body: Buffer[] = [];
  #bytes = 0;
  #isOver = false;
  #isRepeated = false;

  constructor(upstream: Upstream, request: UpstreamRequest, limits: AuthLimits, settle: Settle) {
    this.#upstream = upstream;
    this.#request = request;
    this.#limits = limits;
    this.#settle = settle;
    const cause = new Error(`There was no whole answer in ${limits.timeoutMs} ms.`);
    this.#timer = setTimeout(
      () => this.giveUp(new GatewayError('auth-unreachable', { cause })),
      limits.timeoutMs,
    );
    this.#send();
  }

  /** Ends it with an error, unless it has its answer. */
  giveUp(error: GatewayError): void {
    if (this.#isOver) return;
    this.#end();
    this.#sent?.abort();
    this.#settle.reject(error);
  }

  onInformation(): void {}

  onHead(status: number, fields: ReadonlyFields): void {
    this.#status = status;
    this.#fields = fields;
  }

  onData(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.maxBytes) this.giveUp(new GatewayError('auth-answer-too-large'));
    else if (!isConsent(this.#status)) this.#body.push(chunk);
    return true;
  }

  onEnd(): void {
    if (this.#isOver) return;
    this.#end();
    const body = Buffer.concat(this.#body);
    this.#settle.resolve({ status: this.#status, fields: this.#fields, body });
  }

  /** Nobody has asked for another protocol. */
  onUpgrade(_fields: Fields, socket: Duplex): void {
    socket.destroy();
    this.onError(new GatewayError('upstream-protocol'));
  }

  onError(error: GatewayError): void {
    if (this.#isOver) return;
    // The server may have closed an idle connection at this moment (RFC 9112 §9.3.1); the question changes nothing.
    const isStale = error.code === 'upstream-reset' && this.#status === 0 && this.#sent?.reused === true;
    if (isStale && !this.#isRepeated) {
      this.#isRepeated = true;
      this.#send();
      return;
    }
    this.giveUp(new GatewayError('auth-unreachable', { cause: error.cause ?? error }));
  }

  #send(): void {
    this.#sent = this.#upstream.send(this.#request, this);
    // It may have failed in this same turn.
    if (this.#isOver) this.#sent.abort();
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}
