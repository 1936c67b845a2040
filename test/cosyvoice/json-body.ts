// Reads a JSON request body.

import type { IncomingMessage } from 'node:http';
import { FormError } from './form.ts';

/** Throws a `FormError` on text that is no JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) {
    if (Buffer.isBuffer(piece)) pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    throw new FormError('JSON decode error');
  }
}
