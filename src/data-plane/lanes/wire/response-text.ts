// The head of an answer as the client gets it, from what the replica said. Pure but for the clock.

import { forwardableResponseFields } from '../../../lib/forwardable-fields.ts';
import { type Fields, fieldOf, removeField, setField } from '../../../lib/header-fields.ts';
import { GatewayError } from '../../../model/errors.ts';
import { rewriteResponse } from '../../exchange/rewrite-response.ts';
import type { PassedHead, WireHead } from '../../live-state/upstream.ts';
import type { Exchange } from '../../middlewares/exchange.ts';
import { areLegal, fieldLines, inOnePiece } from '../../upstream/wire/field-text.ts';
import { dateFieldLine, statusLine } from './common-lines.ts';

/** The last answer of a connection says so. */
export const closing = 'Connection: close\r\n';

/** What every other one says, with the time in milliseconds that an idle connection is kept. */
export function persistenceLines(idleMs: number): string {
  const seconds = Math.floor(idleMs / 1000);
  return seconds > 0
    ? `Connection: keep-alive\r\nKeep-Alive: timeout=${seconds}\r\n`
    : 'Connection: keep-alive\r\n';
}

/** The text of the head, its empty line included, and what else the exchange wants to know of it. */
export type ResponseText = { readonly text: string; readonly isEventStream: boolean };

/** Makes it. @throws GatewayError when a middleware wrote what HTTP does not allow. */
export function toResponseText(exchange: Exchange, head: WireHead, persistence: string): ResponseText {
  const { lines, hasDate, isEventStream } =
    head.repeats && exchange.responseRewrites.length === 0 && !exchange.takesTrailers
      ? passAgain(exchange, head)
      : pass(exchange, head);
  const date = hasDate ? '' : dateFieldLine();
  // In the order of Node's server, so that a client gets the same bytes from every lane.
  return { text: lines + date + persistence + framingLine(head), isEventStream };
}

function pass(exchange: Exchange, head: WireHead): PassedHead {
  const fields = forwardableResponseFields(head.fields, exchange.takesTrailers);
  // RFC 9110 §8.6: not with 204; some clients wait for the bytes all the same.
  if (head.status === 204) removeField(fields, 'content-length');
  if (exchange.responseRewrites.length > 0) rewrite(exchange, head, fields);
  return {
    lines: statusLine(head.status) + fieldLines(fields),
    hasDate: fieldOf(fields, 'date') !== undefined,
    isEventStream: fieldOf(fields, 'content-type')?.startsWith('text/event-stream') ?? false,
  };
}

/** Made once: nothing in it is of this exchange alone. */
function passAgain(exchange: Exchange, head: WireHead): PassedHead {
  if (head.passed === undefined) {
    const passed = pass(exchange, head);
    head.passed = { ...passed, lines: inOnePiece(passed.lines) };
  }
  return head.passed;
}

function rewrite(exchange: Exchange, head: WireHead, fields: Fields): void {
  rewriteResponse(exchange, fields);
  if (!areLegal(fields)) throw new GatewayError('upstream-protocol');
  // The body goes on as it is: a length that a middleware made up would cut it or leave the client waiting.
  const length = fieldOf(fields, 'content-length');
  if (head.framing === 'length') {
    if (length !== String(head.length)) setField(fields, 'Content-Length', String(head.length));
  } else if (head.framing !== 'none' && length !== undefined) removeField(fields, 'content-length');
}

/** What ends with the upstream's connection gets chunks of our own: the client's connection goes on. */
function framingLine({ framing }: WireHead): string {
  return framing === 'chunked' || framing === 'close' ? 'Transfer-Encoding: chunked\r\n\r\n' : '\r\n';
}

/** The head of an answer that the gateway gives itself. @throws GatewayError as above. */
export function toAnswerText(
  exchange: Exchange,
  status: number,
  fields: Fields,
  persistence: string,
): string {
  rewriteResponse(exchange, fields);
  if (!areLegal(fields)) throw new GatewayError('internal');
  const date = fieldOf(fields, 'date') === undefined ? dateFieldLine() : '';
  return `${statusLine(status)}${fieldLines(fields)}${date}${persistence}\r\n`;
}
