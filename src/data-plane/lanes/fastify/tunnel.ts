// WebSocket and other upgrades: after the upstream's 101, and never before, the connection becomes a pair of byte
// streams (a tunnel before the 101 lets a client send requests that nobody has judged).
import type { Duplex } from 'node:stream';
import { type Fields, fieldOf, removeField } from '../../../lib/header-fields.ts';
import { forwardableResponseFields } from '../../exchange/headers.ts';
import { recordPassage } from '../record-passage.ts';
import { rewriteResponse } from './answer.ts';
import type { FastifyPassage } from './fastify-passage.ts';

/** Joins client and upstream. `onEnd` is called once, when both sides are closed. */
export function openTunnel(
  passage: FastifyPassage,
  upstreamFields: Fields,
  upstream: Duplex,
  onEnd: () => void,
): void {
  const { connection, core, exchange, request, response } = passage;
  const client = request.socket;
  if (response.destroyed || client.destroyed || upstream.destroyed) {
    response.destroy();
    upstream.destroy();
    onEnd();
    return;
  }
  passage.isTunnel = true;
  response.detachSocket(client);
  const fields = forwardableResponseFields(upstreamFields, false);
  rewriteResponse(exchange, fields);
  removeField(fields, 'content-length');
  const protocol = fieldOf(upstreamFields, 'upgrade') ?? exchange.upgrade ?? '';
  client.write(toHead(['Connection', 'Upgrade', 'Upgrade', protocol, ...fields]), 'latin1');

  const closeCount = core.recorder.openConnection(exchange.entryPoint, 'websocket');
  let open = 2;
  const onClose = (): void => {
    open -= 1;
    if (open > 0) return;
    connection.underWay -= 1;
    closeCount();
    onEnd();
    recordPassage(passage, 101);
  };
  passage.early?.release();
  upstream.on('data', (chunk: Buffer) => {
    passage.responseBytes += chunk.length;
  });
  client.on('data', (chunk: Buffer) => {
    passage.requestBytes += chunk.length;
  });
  joinStreams(client, upstream, onClose);
}

/** Bytes both ways with back-pressure; an end is passed on, a failure or close of one side closes the other. */
function joinStreams(one: Duplex, other: Duplex, onClose: () => void): void {
  one.pipe(other);
  other.pipe(one);
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    from.once('close', () => {
      to.destroy();
      onClose();
    });
  }
}

function toHead(fields: Fields): string {
  let head = 'HTTP/1.1 101 Switching Protocols\r\n';
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at]}: ${fields[at + 1]}\r\n`;
  return `${head}\r\n`;
}
