// What Node's parser refuses never becomes a request: it is answered here, and the connection closes, because nobody
// knows where the next request would begin.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type FaultCode, GatewayError } from '../../model/errors.ts';
import { toRequestId } from '../exchange/request-id.ts';
import { rescue } from '../exchange/rescue.ts';

/** By code of Node; everything else that llhttp refuses is a malformed request. */
const faultByCode: Readonly<Record<string, FaultCode>> = {
  HPE_HEADER_OVERFLOW: 'head-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/** Answers and closes; just closes when there is nobody left or an answer is under way. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  // Bytes behind a request that was to be its connection's last: nobody reads them, and its answer is on its way.
  if (error.code === 'HPE_CLOSED_CONNECTION') return;
  const isAnswering =
    (socket as { _httpMessage?: { headersSent?: boolean } | null })._httpMessage?.headersSent === true;
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) {
    socket.destroy();
    return;
  }
  const code = faultByCode[error.code ?? ''] ?? 'bad-request';
  const { status, fields, body } = rescue(new GatewayError(code), '', toRequestId(undefined));
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n`;
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at]}: ${fields[at + 1]}\r\n`;
  socket.write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  socket.destroySoon();
}
