// One answer that may be replaced by a page of another service.
import { STATUS_CODES } from 'node:http';
import type { Fields, ReadonlyFields } from '../../../lib/header-fields.ts';
import { faults, type GatewayError } from '../../../model/errors.ts';
import type { UpstreamExchange, UpstreamHandler, UpstreamRequest } from '../../live-state/upstream.ts';
import { CurrentExchange } from '../current-exchange.ts';
import { DroppableHandler } from '../droppable-handler.ts';
import type { Inward } from '../exchange.ts';
import { giveAnswer } from '../give-answer.ts';
import { RelayingHandler } from '../relaying-handler.ts';
import type { PageRequest } from './page-request.ts';

/** What a router's errors middleware replaces, and by what. */
export type PagePlan = {
  readonly isReplaced: (status: number) => boolean;
  /** The status that the client gets. */
  readonly rewrite: (status: number) => number;
  readonly service: string;
  readonly toPageRequest: PageRequest;
};

/** Sends the request, and for a page instead of its answer where that is to be replaced. */
export class PageInstead extends DroppableHandler {
  readonly exchange = new CurrentExchange(() => this.abortDropped());
  readonly #plan: PagePlan;
  readonly #request: UpstreamRequest;
  readonly #inward: Inward;
  #hasHead = false;

  constructor(plan: PagePlan, request: UpstreamRequest, outer: UpstreamHandler, inward: Inward) {
    super(outer);
    this.#plan = plan;
    this.#request = request;
    this.#inward = inward;
  }

  send(): UpstreamExchange {
    this.exchange.follow(() => this.follow(this.#inward.send(this.#request, this)));
    return this.exchange;
  }

  override onHead(status: number, fields: ReadonlyFields, isLast?: boolean): void {
    if (this.#plan.isReplaced(status)) {
      this.#askForPage(status, undefined);
      return;
    }
    this.#hasHead = true;
    this.outer.onHead(status, fields, isLast);
  }

  override onError(error: GatewayError): void {
    if (this.isDropped) return;
    const { status } = faults[error.code];
    if (this.#hasHead || this.exchange.isAborted || !this.#plan.isReplaced(status)) this.outer.onError(error);
    else {
      this.#inward.noteFault(error);
      this.#askForPage(status, error);
    }
  }

  #askForPage(originalStatus: number, error: GatewayError | undefined): void {
    this.drop();
    const { rewrite, service, toPageRequest } = this.#plan;
    const { host, target } = this.#request;
    const status = rewrite(originalStatus);
    const url = `${this.#inward.exchange.isTls ? 'https' : 'http'}://${host}${target}`;
    const request = toPageRequest(this.#request, { status, originalStatus, url });
    const page = new Page(this.outer, status, {
      isNeeded: () => !this.exchange.isAborted,
      giveNone: () => this.#giveNoPage(status, error),
      onOver: () => this.abortDropped(),
    });
    this.exchange.follow(() => this.#inward.sendTo(service, request, page));
  }

  /** There is no page: at least the status is right. */
  #giveNoPage(status: number, error: GatewayError | undefined): void {
    if (error !== undefined && faults[error.code].status === status) {
      this.outer.onError(error);
      return;
    }
    const body = STATUS_CODES[status] ?? '';
    const fields = ['Content-Type', 'text/plain; charset=utf-8', 'Cache-Control', 'no-store'];
    giveAnswer({ status, fields, body }, this.#request.method, this.outer);
  }
}

type PageEvents = {
  readonly isNeeded: () => boolean;
  /** There is no page. */
  readonly giveNone: () => void;
  readonly onOver: () => void;
};

/** A page on its way to the client, under the status of what it replaces. */
class Page extends RelayingHandler {
  readonly #status: number;
  readonly #events: PageEvents;
  #hasHead = false;

  constructor(outer: UpstreamHandler, status: number, events: PageEvents) {
    super(outer);
    this.#status = status;
    this.#events = events;
  }

  override onHead(_status: number, fields: ReadonlyFields, isLast?: boolean): void {
    this.#hasHead = true;
    this.outer.onHead(this.#status, fields, isLast);
  }

  override onEnd(trailers: Fields): void {
    this.#events.onOver();
    this.outer.onEnd(trailers);
  }

  override onError(error: GatewayError): void {
    this.#events.onOver();
    if (this.#hasHead || !this.#events.isNeeded()) this.outer.onError(error);
    else this.#events.giveNone();
  }
}
