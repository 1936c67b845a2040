// Answers that are no data: a status and a sentence, in Traefik's form `{"message": …}`.
import type { FastifyReply } from 'fastify';
import { noStore } from './security-headers.ts';

/** Sends a status with its sentence. */
export function replyMessage(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).headers(noStore).type('application/json; charset=utf-8').send({ message });
}

/** 404 for a path that is nothing, with Traefik's words. */
export function replyNotFound(reply: FastifyReply): FastifyReply {
  return replyMessage(reply, 404, '404 page not found');
}
