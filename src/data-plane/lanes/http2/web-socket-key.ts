// The WebSocket handshake that the gateway makes itself for a client of HTTP/2, which has none (RFC 8441 §5).
import { createHash, randomBytes } from 'node:crypto';
import { fieldOf, type ReadonlyFields } from '../../../lib/header-fields.ts';

/** Of RFC 6455 §1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A Sec-WebSocket-Key. */
export function createWebSocketKey(): string {
  return randomBytes(16).toString('base64');
}

/** The Sec-WebSocket-Accept that belongs to a key. */
export function acceptFor(key: string): string {
  return createHash('sha1')
    .update(key + guid)
    .digest('base64');
}

/** Whether an upstream's 101 belongs to the key: it has understood that this is a WebSocket. */
export function isAccepted(key: string, fields: ReadonlyFields): boolean {
  return fieldOf(fields, 'sec-websocket-accept')?.trim() === acceptFor(key);
}
