// WebSocket and other upgrades: after the upstream's 101, and never before, the connection becomes a pair of byte
// streams (a tunnel before the 101 lets a client send requests that nobody has judged).
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Fields, fieldOf, removeField } from '../../lib/header-fields.ts';
import { forwardableResponseFields } from '../exchange/headers.ts';
import { rewriteResponse } from '../exchange/rewrite-response.ts';
import { joinStreams } from './join-streams.ts';
import type { Passage } from './passage.ts';
import { recordPassage } from './record-passage.ts';

/**
 * Whether the upstream changes to the protocol that the client asked for. A tunnel of another one would be one that
 * nobody has judged (RFC 9110 §7.8).
 */
export function isAskedProtocol(passage: Passage, upstreamFields: Fields): boolean {
  const protocol = fieldOf(upstreamFields, 'upgrade') ?? '';
  return protocol.toLowerCase() === passage.exchange.upgrade?.toLowerCase();
}

/**
 * Answers 101 and joins both sides, which nobody else reads any more; what the client sent early has been put back onto
 * its socket. `onEnd` is called once, when both are closed.
 */
export function openTunnel(
  passage: Passage,
  client: Socket,
  upstreamFields: Fields,
  upstream: Duplex,
  onEnd: () => void,
): void {
  const { connection, core, exchange } = passage;
  passage.isTunnel = true;
  const fields = forwardableResponseFields(upstreamFields, false);
  rewriteResponse(exchange, fields);
  removeField(fields, 'content-length');
  const protocol = fieldOf(upstreamFields, 'upgrade') ?? '';
  client.write(toHead(['Connection', 'Upgrade', 'Upgrade', protocol, ...fields]), 'latin1');

  // Of all that was read of the request the record wants one field; a tunnel would hold the rest for hours.
  const userAgent = fieldOf(exchange.fields, 'user-agent');
  exchange.fields.length = 0;
  if (userAgent !== undefined) exchange.fields.push('User-Agent', userAgent);

  const closeCount = core.recorder.openConnection(exchange.entryPoint, 'websocket');
  const readBefore = client.bytesRead;
  const writtenBefore = client.bytesWritten;
  joinStreams(client, upstream, () => {
    passage.requestBytes += client.bytesRead - readBefore;
    passage.responseBytes += client.bytesWritten - writtenBefore;
    connection.underWay -= 1;
    closeCount();
    onEnd();
    recordPassage(passage, 101);
  });
}

function toHead(fields: Fields): string {
  let head = 'HTTP/1.1 101 Switching Protocols\r\n';
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at]}: ${fields[at + 1]}\r\n`;
  return `${head}\r\n`;
}
