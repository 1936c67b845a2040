// An upgrade in this lane: the socket is taken from Node's response and becomes a tunnel.
import type { Duplex } from 'node:stream';
import type { Fields } from '../../../lib/header-fields.ts';
import { openTunnel } from '../open-tunnel.ts';
import type { FastifyPassage } from './fastify-passage.ts';

/** Joins client and upstream. */
export function becomeTunnel(passage: FastifyPassage, upstreamFields: Fields, upstream: Duplex): void {
  const { early, request, response } = passage;
  const client = request.socket;
  if (response.destroyed || client.destroyed || upstream.destroyed) {
    response.destroy();
    upstream.destroy();
    return;
  }
  passage.reply.hijack();
  response.detachSocket(client);
  early?.release();
  openTunnel(passage, client, upstreamFields, upstream);
}
