// grpcWeb: what a page in a browser can send and read becomes gRPC and back (Traefik pkg/middlewares/grpcweb).
import { type Fields, fieldOf, removeField, setField } from '../../../lib/header-fields.ts';
import type { GrpcWebOptions } from '../../../model/middlewares/grpc-web.ts';
import type { Stage } from '../exchange.ts';
import { meetStage, type StageMiddleware, stageWhere } from '../stage.ts';
import { Base64Body } from './base64-body.ts';
import { answerPreflight, compileCors } from './cors.ts';
import { WebAnswer } from './web-answer.ts';

/** `application/grpc-web`, or `-text` for base64, with what follows of a format (gRPC-Web protocol). */
const webType = /^application\/grpc-web(-text)?/i;

/** Translates gRPC-Web (Traefik v3.7 "GrpcWeb"); other requests pass untouched. */
export function compileGrpcWeb({ allowOrigins = [] }: GrpcWebOptions): StageMiddleware {
  const origins = new Set(allowOrigins);
  const isAllowed = (origin: string): boolean => origins.has('*') || origins.has(origin);
  const cors = compileCors(isAllowed);
  return stageWhere((exchange) => {
    if (exchange.method !== 'POST') return answerPreflight(exchange, isAllowed);
    if (!webType.test(fieldOf(exchange.fields, 'content-type') ?? '')) return undefined;
    exchange.responseRewrites.push(cors);
    meetStage(exchange, translate);
    return undefined;
  });
}

const translate: Stage = (request, handler, inward) => {
  const contentType = fieldOf(request.fields, 'content-type') ?? '';
  const isText = webType.exec(contentType)?.[1] !== undefined;
  const fields: Fields = [...request.fields];
  // It speaks of the body before it is decoded, and gRPC has none.
  for (const name of ['content-length', 'te']) removeField(fields, name);
  setField(fields, 'Content-Type', contentType.replace(webType, 'application/grpc'));
  fields.push('TE', 'trailers');
  const body = isText && request.body !== undefined ? new Base64Body(request.body) : request.body;
  return inward.send({ ...request, fields, body }, new WebAnswer(isText, handler));
};
