// What middlewares that have asked for a password do with the request of a user whom they know.
import { removeField, removeFieldAndAliases } from '../../lib/header-fields.ts';
import type { Answer, Exchange } from './exchange.ts';

/** Names the user to the replica, and keeps the credentials from it, as far as the options say. */
export function passUser(
  { fields }: Exchange,
  { headerField, removeHeader }: { readonly headerField?: string; readonly removeHeader?: boolean },
  user: string,
): void {
  // Set here alone: a client must not bring the name of another user along.
  if (headerField) {
    removeFieldAndAliases(fields, headerField);
    fields.push(headerField, user);
  }
  if (removeHeader === true) removeField(fields, 'authorization');
}

/** 401 with what the client has to do about it. */
export function askForPassword(challenge: string): Answer {
  return {
    status: 401,
    fields: ['WWW-Authenticate', challenge, 'Content-Type', 'text/plain; charset=utf-8'],
    body: '401 Unauthorized\n',
  };
}

/** A text as a quoted-string of a field (RFC 9110 §5.6.4). */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
