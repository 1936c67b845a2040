// One request on one of undici's connections: undici's events become the data plane's own, and the connection goes back
// to its pool or is thrown away.
import type { Duplex } from 'node:stream';
import type { Client, Dispatcher } from 'undici';
import type { Fields } from '../../lib/header-fields.ts';
import { GatewayError } from '../../model/errors.ts';
import type { UpstreamExchange, UpstreamHandler, UpstreamRequest } from '../live-state/upstream.ts';
import { loadUndici } from './load-undici.ts';
import { toGatewayError, type UpstreamPhase } from './to-gateway-error.ts';
import { toReadable } from './to-readable.ts';

/** One connection; undici opens it again by itself when it has been closed between two requests. */
export type Seat = {
  readonly client: Client;
  /** Whether the connection that is open now has carried an answer. */
  served: boolean;
  state: 'busy' | 'idle' | 'gone';
};

/** Where a connection goes back to. */
export type SeatOwner = {
  readonly hostname: string;
  giveBack(seat: Seat): void;
  discard(seat: Seat): void;
};

type Controller = Dispatcher.DispatchController;

/** Sends it; the handler's last event also ends the seat's service. */
export function sendOn(
  seat: Seat,
  request: UpstreamRequest,
  handler: UpstreamHandler,
  owner: SeatOwner,
): UpstreamExchange {
  let controller: Controller | undefined;
  let reused = false;
  let phase: UpstreamPhase = 'connecting';
  let isBodiless = false;
  let ended = false;

  const events: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      reused = seat.served;
      phase = 'sent';
      handler.onSent?.();
    },
    onResponseStart(_, status) {
      const fields = toFields(controller?.rawHeaders);
      if (status < 200) handler.onInformation(status, fields);
      else {
        isBodiless = status === 204 || status === 304;
        phase = 'answered';
        handler.onHead(status, fields);
      }
    },
    onResponseData(_, chunk) {
      if (!handler.onData(chunk)) controller?.pause();
    },
    onResponseEnd() {
      ended = true;
      seat.served = true;
      owner.giveBack(seat);
      handler.onEnd(toFields(controller?.rawTrailers));
    },
    onRequestUpgrade(_, _status, _headers, socket: Duplex) {
      ended = true;
      owner.discard(seat);
      handler.onUpgrade(toFields(controller?.rawHeaders), socket);
    },
    onResponseError(_, error) {
      if (ended) return;
      ended = true;
      owner.discard(seat);
      // A 304 may say how long the body would be that it does not have (RFC 9110 §8.6), and some servers say it with a
      // 204 too. undici misses those bytes.
      if (isBodiless && error instanceof loadUndici().errors.ResponseContentLengthMismatchError)
        handler.onEnd([]);
      else handler.onError(toGatewayError(error, phase));
    },
  };

  seat.client.dispatch(toDispatchOptions(request, owner.hostname), events);
  return {
    resume: () => controller?.resume(),
    abort() {
      if (ended) return;
      const reason = new GatewayError('client-closed');
      if (controller === undefined) void seat.client.destroy(reason);
      else controller.abort(reason);
    },
    get reused() {
      return reused;
    },
  };
}

/** `servername` is the same for all requests of an origin: see createConnector. undici's types do not name it. */
function toDispatchOptions(
  request: UpstreamRequest,
  servername: string,
): Dispatcher.DispatchOptions & { servername: string } {
  return {
    path: request.target,
    method: request.method,
    headers: ['host', request.host, ...request.fields],
    body: request.body === undefined ? null : toReadable(request.body),
    upgrade: request.upgrade ?? null,
    servername,
  };
}

/** Bytes as latin1, which is how Node writes them again: nothing is lost or reinterpreted. */
function toFields(raw: Controller['rawHeaders']): Fields {
  const fields: Fields = [];
  if (!Array.isArray(raw)) return fields;
  for (const item of raw) fields.push(typeof item === 'string' ? item : item.toString('latin1'));
  return fields;
}
