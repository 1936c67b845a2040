// WebSocket over HTTP/2: after the upstream's 101, and never before, one stream becomes a tunnel.
import type { Duplex } from 'node:stream';
import { forwardableResponseFields } from '../../../lib/forwardable-fields.ts';
import { type Fields, removeField } from '../../../lib/header-fields.ts';
import { rewriteResponse } from '../../exchange/rewrite-response.ts';
import type { Http2Stream } from '../../http2/http2-stream.ts';
import { StreamDuplex } from '../../http2/stream-duplex.ts';
import { joinStreams } from '../join-streams.ts';
import type { Passage } from '../passage.ts';
import { areWritable, toHeaderBlock } from './response-fields.ts';

/**
 * RFC 8441: a 2xx opens the tunnel; what only HTTP/1.1 needs for it is left out. @throws where the answer cannot be
 * written; nothing is joined then.
 */
export function openStreamTunnel(
  passage: Passage,
  stream: Http2Stream,
  upstreamFields: Fields,
  upstream: Duplex,
): void {
  const { core, exchange } = passage;
  const fields = forwardableResponseFields(upstreamFields, false);
  removeField(fields, 'sec-websocket-accept');
  removeField(fields, 'content-length');
  rewriteResponse(exchange, fields);
  if (!areWritable(fields)) throw new TypeError('A field of the answer holds a line break.');
  const { user } = stream;
  stream.sendHead(toHeaderBlock(200, fields), false);
  const client = new StreamDuplex(stream);
  client.once('close', () => user?.onStreamClose());
  passage.isTunnel = true;
  const closeCount = core.recorder.openConnection(exchange.entryPoint, 'websocket');
  client.on('data', (chunk: Buffer) => {
    passage.requestBytes += chunk.length;
  });
  upstream.on('data', (chunk: Buffer) => {
    passage.responseBytes += chunk.length;
  });
  joinStreams(client, upstream, closeCount);
}
