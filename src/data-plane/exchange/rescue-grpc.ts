// Faults as gRPC clients read them. They look for grpc-status, and from a plain HTTP status guess less than is known
// here (gRPC over HTTP/2, "HTTP to gRPC Status Code Mapping").
import { type FaultCode, faults, toGatewayError } from '../../model/errors.ts';
import type { Answer } from '../middlewares/exchange.ts';

/** Numbers of the codes that the gateway gives (gRPC "Status codes and their use"). */
const codes = {
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

type GrpcCode = keyof typeof codes;

/** Where the HTTP status does not say it well enough. */
const byFault: { readonly [C in FaultCode]?: GrpcCode } = {
  'upstream-protocol': 'internal',
  'client-closed': 'cancelled',
  'upstream-connect-timeout': 'unavailable',
};

const byStatus: Readonly<Record<number, GrpcCode>> = {
  400: 'internal',
  401: 'unauthenticated',
  403: 'permissionDenied',
  404: 'unimplemented',
  405: 'unimplemented',
  408: 'deadlineExceeded',
  413: 'resourceExhausted',
  414: 'invalidArgument',
  417: 'invalidArgument',
  421: 'unavailable',
  429: 'resourceExhausted',
  431: 'resourceExhausted',
  499: 'cancelled',
  500: 'internal',
  502: 'unavailable',
  503: 'unavailable',
  504: 'deadlineExceeded',
  508: 'internal',
};

/** The number of the gRPC status for a fault. */
export function grpcStatusOf(code: FaultCode): number {
  return codes[byFault[code] ?? byStatus[faults[code].status] ?? 'internal'];
}

/** Whether a request wants its answer as gRPC, by its content type. gRPC-Web is another protocol, with other answers. */
export function isGrpc(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/grpc(?:[\s+;]|$)/i.test(contentType);
}

/** A trailers-only answer: HTTP status 200, and all there is to say in one header block. */
export function rescueGrpc(error: unknown, requestId: string): Answer {
  const fault = toGatewayError(error);
  const fields = [
    'content-type',
    'application/grpc',
    'grpc-status',
    String(grpcStatusOf(fault.code)),
    'grpc-message',
    toGrpcMessage(fault.message),
    'x-request-id',
    requestId,
  ];
  if (fault.retryAfterMs !== undefined) {
    fields.push('grpc-retry-pushback-ms', String(Math.ceil(fault.retryAfterMs)));
  }
  return { status: 200, fields, body: '' };
}

/** gRPC over HTTP/2, "Status-Message": UTF-8 with everything but visible ASCII, and the percent sign, escaped. */
export function toGrpcMessage(text: string): string {
  return text.replace(/[^\x20-\x24\x26-\x7e]+/g, (part) =>
    Array.from(
      Buffer.from(part, 'utf8'),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join(''),
  );
}
