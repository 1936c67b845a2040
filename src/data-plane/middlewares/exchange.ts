// Exchange: one request on its way, as middlewares see and change it, and the answer that they may give. It knows no
// socket and no Fastify, so that every lane can use it.
import type { Fields } from '../../lib/header-fields.ts';
import type { GatewayError } from '../../model/errors.ts';
import type { UpstreamExchange, UpstreamHandler, UpstreamRequest } from '../live-state/upstream.ts';

/** An answer that the gateway gives itself. Text goes out as UTF-8. */
export type Answer = { readonly status: number; readonly fields: Fields; readonly body: string | Buffer };

/** One whose body is text. */
export type TextAnswer = Answer & { readonly body: string };

/** The bytes of its body. */
export function bodyOf({ body }: Answer): Buffer {
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
}

/** Changes the head of a response that goes to the client, whoever made it. Synchronous. */
export type ResponseRewrite = (exchange: Exchange, response: { readonly fields: Fields }) => void;

/** A request’s head as middlewares see and change it. */
export type Exchange = {
  /** Milliseconds since the epoch, and the same instant by performance.now(). */
  readonly startedAt: number;
  readonly startedTick: number;
  readonly requestId: string;
  readonly entryPoint: string;
  /** Of the connection's other end, without a port. */
  readonly clientAddress: string;
  readonly clientPort: number;
  /** Whether the client's connection to this gateway is encrypted. */
  readonly isTls: boolean;
  /** What the client spoke in the end, as far as it can be trusted to say so (X-Forwarded-Proto). */
  readonly scheme: 'http' | 'https';
  readonly httpVersion: '1.0' | '1.1' | '2.0';
  readonly method: string;
  /** The request target as it came, for logs. */
  readonly originalTarget: string;
  /** The Host that the client asked for, for logs and redirects. */
  readonly originalHost: string;
  /** Protocol that the client wants to change to, in lower case; undefined for ordinary requests. */
  readonly upgrade: string | undefined;
  readonly hasBody: boolean;
  /** The client waits for 100 before it sends the body (RFC 9110 §10.1.1). */
  readonly expectsContinue: boolean;
  /** The client takes trailers (TE: trailers). */
  readonly takesTrailers: boolean;
  /** Host field that goes upstream. */
  host: string;
  /** Path that goes upstream: absolute, sanitised, escaped. Middlewares may change it. */
  path: string;
  /** With its question mark; empty when there is none. Set by decide. */
  query: string;
  /** Fields that go upstream, without Host and those of the connection. Middlewares may change them. */
  readonly fields: Fields;
  /** Who the request comes from, as a middleware has found out; for the access log. */
  user: string | undefined;
  /** Run over the response's head, the last one first. */
  readonly responseRewrites: ResponseRewrite[];
  /** Stages that it has met, the outermost first. Undefined for most requests. */
  stages: MetStage[] | undefined;
  /** Cookies that the gateway itself sets: values with attributes by name. Undefined for most requests (`reserveCookies`). */
  cookies: Map<string, string> | undefined;
  /** Run once when the request is over, however it ends. Undefined for most requests. */
  endings: Ending[] | undefined;
  isOver: boolean;
};

/**
 * From now on the gateway may set cookies in the response: those that are set when its head has come, which may be long
 * after the response's rewrites have been settled.
 */
export function reserveCookies(exchange: Exchange): void {
  exchange.cookies = new Map();
  exchange.responseRewrites.push(writeCookies);
}

function writeCookies({ cookies }: Exchange, { fields }: { readonly fields: Fields }): void {
  for (const [name, value] of cookies ?? []) fields.push('Set-Cookie', `${name}=${value}`);
}

/** Hears which status the client was answered by: 499 where it had left before (nginx's word for it). */
export type Ending = (status: number) => void;

/** The status of a request whose client has left before it was answered. */
export const clientLeft = 499;

/** Runs `ending` when the request is over; at once if it is over already, as when the client leaves while it waits. */
export function whenOver(exchange: Exchange, ending: Ending): void {
  if (exchange.isOver) ending(clientLeft);
  else if (exchange.endings === undefined) exchange.endings = [ending];
  else exchange.endings.push(ending);
}

/**
 * The request is over: its client has the whole answer of this status, or will get no more of it. Only the first call counts.
 */
export function endExchange(exchange: Exchange, status: number): void {
  if (exchange.isOver) return;
  exchange.isOver = true;
  if (exchange.endings !== undefined) for (const ending of exchange.endings) ending(status);
}

/**
 * One middleware, compiled. Nothing: the request goes on. An answer: it ends here. A promise of either where something
 * must be waited for. It may throw a GatewayError.
 */
export type HeadMiddleware = (exchange: Exchange) => MiddlewareResult | Promise<MiddlewareResult>;
/** Undefined lets the request go on. */
export type MiddlewareResult = Answer | undefined;

/** Sends a request on; each call is a new attempt. Its handler may be called before it returns. */
export type Send = (request: UpstreamRequest, handler: UpstreamHandler) => UpstreamExchange;

/** What a stage has of one exchange. */
export type Inward = {
  readonly exchange: Exchange;
  /** To the next stage, or to a replica of the router's service: each call to another one, where there is one. */
  readonly send: Send;
  /** To another service, by its qualified name. Fails with `no-server` where it is not configured. */
  sendTo(service: string, request: UpstreamRequest, handler: UpstreamHandler): UpstreamExchange;
  /** The records show one attempt more. */
  noteRetry(): void;
  /** For an error that the stage keeps from the client: the records show it all the same. */
  noteFault(error: GatewayError): void;
};

/**
 * Carries an exchange out. Of a request `target` is without what a replica's URL puts in front, and `host` the one that the
 * client asked for, until a replica is chosen. A stage must
 * - call exactly one of onEnd, onUpgrade and onError, last and once, also after `abort`;
 * - hand on what onData says, and `resume`, so that neither side outruns the other;
 * - after `abort` hold nothing: no timer, no file, no request of its own.
 * A failure is told by onError, before the head too: stages further out and the lane make the answer of it.
 */
export type Stage = (request: UpstreamRequest, handler: UpstreamHandler, inward: Inward) => UpstreamExchange;

/** A stage that a request has met on its way through the chain. */
export type MetStage = {
  readonly stage: Stage;
  /** How many response rewrites there were: they are those of the middlewares in front of it. */
  readonly rewritesBefore: number;
};
