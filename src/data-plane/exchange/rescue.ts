// The only place that turns an error into a response. What it says is safe for strangers: code, sentence and request
// id; the cause goes to the log.
import { STATUS_CODES } from 'node:http';
import { escapeHtml } from '../../lib/escape-html.ts';
import { faults, type GatewayError, toGatewayError } from '../../model/errors.ts';
import type { TextAnswer } from '../middlewares/exchange.ts';

/** Gives the answer for a fault. `accept` is the client's Accept field. Anything but a GatewayError is a bare 500. */
export function rescue(error: unknown, accept: string, requestId: string): TextAnswer {
  const fault = toGatewayError(error);
  const { status } = faults[fault.code];
  const title = STATUS_CODES[status] ?? 'Error';
  const form = formOf(accept);
  const fields = [
    'Content-Type',
    contentTypes[form],
    // An error is of this moment only (RFC 9111 §4.2.2 would let caches keep a 404 or 414).
    'Cache-Control',
    'no-store',
    'X-Content-Type-Options',
    'nosniff',
    'X-Request-Id',
    requestId,
  ];
  if (fault.retryAfterMs !== undefined) {
    fields.push('Retry-After', String(Math.max(1, Math.ceil(fault.retryAfterMs / 1000))));
  }
  if (status === 405) fields.push('Allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS');
  return { status, fields, body: bodies[form](fault, status, title, requestId) };
}

type Form = 'json' | 'html' | 'text';

const contentTypes: Readonly<Record<Form, string>> = {
  json: 'application/json; charset=utf-8',
  html: 'text/html; charset=utf-8',
  text: 'text/plain; charset=utf-8',
};

type Body = (fault: GatewayError, status: number, title: string, requestId: string) => string;

const bodies: Readonly<Record<Form, Body>> = {
  json: (fault, status, _title, requestId) =>
    `${JSON.stringify({ error: { code: fault.code, status, message: fault.message, requestId } })}\n`,
  text: (fault, status, title, requestId) =>
    `${status} ${title}: ${fault.message}\ncode: ${fault.code}\nrequest: ${requestId}\n`,
  html: (fault, status, title, requestId) =>
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${status} ${title}</title>` +
    `<h1>${status} ${title}</h1><p>${escapeHtml(fault.message)}</p>` +
    `<p>code: ${fault.code}<br>request: ${escapeHtml(requestId)}</p></html>\n`,
};

/** The form that the client names first among those that we have; text for those who take anything. */
function formOf(accept: string): Form {
  const found = /\b(?:application\/(?:[\w.-]+\+)?(json)|text\/(html)|text\/(plain))\b/i.exec(accept);
  if (found === null || found[3] !== undefined) return 'text';
  return found[1] !== undefined ? 'json' : 'html';
}
