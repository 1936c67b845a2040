// A request that is copied to other services once it has been answered (Traefik pkg/server/service/loadbalancer/mirror). The
// client never waits for a copy: what is needed of the body is kept while it passes.
import type { Duplex } from 'node:stream';
import type { Fields } from '../../lib/header-fields.ts';
import type { GatewayError } from '../../model/errors.ts';
import type { CompiledMirrors } from '../exchange/snapshot.ts';
import type { UpstreamExchange, UpstreamHandler, UpstreamRequest } from '../live-state/upstream.ts';
import type { Send } from '../middlewares/exchange.ts';
import { RelayingHandler } from '../middlewares/relaying-handler.ts';
import { ReplayableBody } from '../middlewares/replayable-body.ts';

/** Sends the request by `send`, and copies of it by `sendCopy` to those mirrors whose turn it is. */
export function sendMirrored(
  mirrors: CompiledMirrors,
  request: UpstreamRequest,
  handler: UpstreamHandler,
  send: Send,
  sendCopy: (service: string, request: UpstreamRequest, handler: UpstreamHandler) => unknown,
): UpstreamExchange {
  const services = mirrors.next();
  // A tunnel cannot be copied: nobody speaks at the other end.
  if (services.length === 0 || request.upgrade !== undefined || !mirrors.room.hasRoom) {
    return send(request, handler);
  }
  const body = keptBody(mirrors, request);
  const original = body === undefined ? request : { ...request, body: body.open() };
  const makeCopies = (): void => {
    const done = mirrors.room.take(services.length, body?.keptBytes ?? 0);
    for (const service of services) {
      const copy = body === undefined ? withoutBody(request) : { ...request, body: body.openCopy() };
      sendCopy(service, copy, new Unheard(done));
    }
  };
  const copies = new Copies(handler, (isWanted) => {
    if (isWanted && body?.isComplete !== false) makeCopies();
    else body?.release();
  });
  return copies.follow(send(original, copies));
}

/** Undefined where copies have no body. */
function keptBody(mirrors: CompiledMirrors, { body }: UpstreamRequest): ReplayableBody | undefined {
  if (body === undefined || !mirrors.copiesBodies) return undefined;
  return new ReplayableBody(body, Math.min(mirrors.maxBodyBytes, mirrors.room.bytesLeft));
}

/** What speaks of a body that a copy has not. */
const ofBody: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'trailer', 'expect']);

function withoutBody(request: UpstreamRequest): UpstreamRequest {
  if (request.body === undefined) return request;
  const fields: Fields = [];
  for (let at = 0; at < request.fields.length; at += 2) {
    const name = request.fields[at] ?? '';
    if (!ofBody.has(name.toLowerCase())) fields.push(name, request.fields[at + 1] ?? '');
  }
  return { ...request, fields, body: undefined };
}

/** Relays the answer; when it is over `onOver` hears whether copies are wanted: not where the client has left. */
class Copies extends RelayingHandler implements UpstreamExchange {
  readonly #onOver: (isWanted: boolean) => void;
  #upstream: UpstreamExchange | undefined;
  #isAborted = false;

  constructor(outer: UpstreamHandler, onOver: (isWanted: boolean) => void) {
    super(outer);
    this.#onOver = onOver;
  }

  follow(upstream: UpstreamExchange): this {
    this.#upstream = upstream;
    return this;
  }

  get reused(): boolean {
    return this.#upstream?.reused ?? false;
  }

  resume(): void {
    this.#upstream?.resume();
  }

  abort(): void {
    this.#isAborted = true;
    this.#upstream?.abort();
  }

  override onEnd(trailers: Fields): void {
    super.onEnd(trailers);
    this.#onOver(true);
  }

  override onError(error: GatewayError): void {
    super.onError(error);
    this.#onOver(!this.#isAborted && error.code !== 'client-closed');
  }
}

/** Nobody hears the answer to a copy. */
class Unheard implements UpstreamHandler {
  readonly #done: () => void;

  constructor(done: () => void) {
    this.#done = done;
  }

  onInformation(): void {}

  onHead(): void {}

  onData(): boolean {
    return true;
  }

  onEnd(): void {
    this.#done();
  }

  onUpgrade(_fields: Fields, socket: Duplex): void {
    socket.destroy();
    this.#done();
  }

  onError(): void {
    this.#done();
  }
}
