// Starlette's CORSMiddleware as CosyVoice sets it up: any origin, method and header, with credentials.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { reply } from './replies.ts';

const METHODS = 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT';

/** Sets the headers of an actual request that names its origin; with a cookie, `*` would not be accepted. */
export function allowAnyOrigin(request: IncomingMessage, response: ServerResponse): void {
  const { origin, cookie } = request.headers;
  if (origin === undefined) return;
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-allow-origin', cookie === undefined ? '*' : origin);
  if (cookie !== undefined) response.setHeader('vary', 'Origin');
}

/** Answers a preflight request, whatever its path; false when it is none. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  if (request.method !== 'OPTIONS' || origin === undefined) return false;
  if (request.headers['access-control-request-method'] === undefined) return false;
  request.resume();
  response.setHeader('vary', 'Origin');
  response.setHeader('access-control-allow-methods', METHODS);
  response.setHeader('access-control-max-age', '600');
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-allow-origin', origin);
  const headers = request.headers['access-control-request-headers'];
  if (headers !== undefined) response.setHeader('access-control-allow-headers', headers);
  reply(response, 200, 'text/plain; charset=utf-8', Buffer.from('OK'));
  return true;
}
