// The answers that are no audio, as FastAPI and uvicorn form them, and how a connection is cut.

import type { ServerResponse } from 'node:http';
import type { FieldError } from './form.ts';

/** A JSON answer with its length; HEAD gets the same head. */
export function replyJson(response: ServerResponse, status: number, value: unknown): void {
  reply(response, status, 'application/json', Buffer.from(JSON.stringify(value)));
}

/** A plain answer; FastAPI's for an exception is `Internal Server Error` with 500. */
export function replyText(response: ServerResponse, status: number, text: string): void {
  reply(response, status, 'text/plain; charset=utf-8', Buffer.from(text));
}

/** Any answer that is there as a whole. */
export function reply(response: ServerResponse, status: number, type: string, body: Uint8Array): void {
  response.writeHead(status, { 'content-type': type, 'content-length': body.length });
  response.end(body);
}

/** FastAPI's answer to a body that lacks something. */
export function replyInvalid(response: ServerResponse, errors: readonly FieldError[]): void {
  replyJson(response, 422, { detail: errors });
}

/** Ends the connection after what was written, without the closing chunk: how uvicorn ends a failed stream. */
export function cutConnection(response: ServerResponse): void {
  const { socket } = response;
  // Node hands a chunk to its socket at the end of the tick; ended before, the socket would drop it.
  process.nextTick(() => socket?.destroySoon());
}
