// The head of a request as the replica gets it. Pure.
import { fieldOf } from '../../../lib/header-fields.ts';
import type { IncomingExchange } from '../../exchange/read-request.ts';
import { areLegal, fieldLines, inOnePiece } from '../../upstream/wire/field-text.ts';

/** How the text is made. */
export type RequestTextOptions = {
  /** The body follows in chunks; a length would stand among the fields. */
  readonly isChunked: boolean;
  /** Middlewares may have written fields that nobody has checked. */
  readonly isChanged: boolean;
};

/** Its text, the empty line included; undefined when a middleware wrote what HTTP does not allow. */
export function toRequestText(
  exchange: IncomingExchange,
  target: string,
  host: string,
  { isChunked, isChanged }: RequestTextOptions,
): string | undefined {
  const { fields, upgrade, received } = exchange;
  if (isChanged && !areLegal(fields)) return undefined;
  const connection = upgrade === undefined ? keepAlive : `connection: upgrade\r\nupgrade: ${upgrade}\r\n`;
  const lines = received.repeats && !isChanged ? repeatedLines(exchange) : fieldLines(fields);
  const text = `${exchange.method} ${target} HTTP/1.1\r\nhost: ${host}\r\n${connection}${lines}`;
  return isChunked ? `${text}transfer-encoding: chunked\r\n\r\n` : `${text}\r\n`;
}

/** Nothing in front of the id is of this request alone, but for an X-Forwarded-For to which its client was added. */
function repeatedLines({ fields, received }: IncomingExchange): string {
  const { idAt } = received;
  if (fieldOf(received.fields, 'x-forwarded-for') !== undefined) return fieldLines(fields);
  received.lines ??= inOnePiece(fieldLines(received.fields, 0, idAt - 1));
  return received.lines + fieldLines(fields, idAt - 1);
}

/** In the spelling and at the place of undici, so that a replica gets the same bytes from every lane. */
const keepAlive = 'connection: keep-alive\r\n';
