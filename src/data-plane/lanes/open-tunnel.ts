// WebSocket and other upgrades: after the upstream's 101, and never before, the connection becomes a pair of byte
// streams (a tunnel before the 101 lets a client send requests that nobody has judged).
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { forwardableResponseFields } from '../../lib/forwardable-fields.ts';
import { type Fields, fieldOf, removeField } from '../../lib/header-fields.ts';
import { rewriteResponse } from '../exchange/rewrite-response.ts';
import { endExchange } from '../middlewares/exchange.ts';
import { joinStreams } from './join-streams.ts';
import { Passage } from './passage.ts';
import { recordPassage } from './record-passage.ts';

/**
 * Whether the upstream changes to the protocol that the client asked for. A tunnel of another one would be one that
 * nobody has judged (RFC 9110 §7.8).
 */
export function isAskedProtocol(asked: string | undefined, upstreamFields: Fields): boolean {
  return fieldOf(upstreamFields, 'upgrade')?.toLowerCase() === asked?.toLowerCase();
}

/**
 * Answers 101 and joins both sides, which nobody else reads any more; what the client sent early has been put back onto
 * its socket. `onEnd` is called once, when both are closed; a tunnel holds nothing of its passage but that.
 */
export function openTunnel(
  passage: Passage,
  client: Socket,
  upstreamFields: Fields,
  upstream: Duplex,
  onEnd?: () => void,
): void {
  const { connection, core, exchange } = passage;
  passage.isTunnel = true;
  // The tunnel's own record is the one that counts.
  passage.isRecorded = true;
  const fields = forwardableResponseFields(upstreamFields, false);
  rewriteResponse(exchange, fields);
  removeField(fields, 'content-length');
  const protocol = fieldOf(upstreamFields, 'upgrade') ?? '';
  client.write(toHead(['Connection', 'Upgrade', 'Upgrade', protocol, ...fields]), 'latin1');

  const record = core.recorder.isOn ? toRecord(passage) : undefined;
  // Held only where somebody waits for its end.
  const awaited = exchange.endings === undefined ? undefined : exchange;
  const closeCount = core.recorder.openConnection(exchange.entryPoint, 'websocket');
  const readBefore = client.bytesRead;
  const writtenBefore = client.bytesWritten;
  joinStreams(client, upstream, () => {
    connection.underWay -= 1;
    closeCount();
    onEnd?.();
    if (awaited !== undefined) endExchange(awaited, switchingProtocols);
    if (record === undefined) return;
    record.requestBytes += client.bytesRead - readBefore;
    record.responseBytes += client.bytesWritten - writtenBefore;
    recordPassage(record, switchingProtocols);
  });
}

/** What the record of a tunnel needs of its passage, and nothing else: a tunnel would hold it for hours. */
function toRecord(passage: Passage): Passage {
  const { exchange } = passage;
  const userAgent = fieldOf(exchange.fields, 'user-agent');
  exchange.fields.length = 0;
  if (userAgent !== undefined) exchange.fields.push('User-Agent', userAgent);
  const record = new Passage(passage.core, exchange, passage.connection);
  record.route.router = passage.route.router;
  record.isTunnel = true;
  const { replica, replicaUrl, firstByteMs, upstreamStatus, requestBytes, responseBytes, retries, fault } =
    passage;
  Object.assign(record, { replica, replicaUrl, firstByteMs, upstreamStatus });
  return Object.assign(record, { requestBytes, responseBytes, retries, fault });
}

const switchingProtocols = 101;

function toHead(fields: Fields): string {
  let head = 'HTTP/1.1 101 Switching Protocols\r\n';
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at]}: ${fields[at + 1]}\r\n`;
  return `${head}\r\n`;
}
