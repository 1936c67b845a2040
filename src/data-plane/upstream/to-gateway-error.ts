// The edge at which errors of undici, sockets and TLS become ours, once. Nobody further in looks at their codes.
import { type FaultCode, GatewayError } from '../../model/errors.ts';

/** connecting: nothing of the request has been sent. sent: some of it may have been. answered: a head has come. */
export type UpstreamPhase = 'connecting' | 'sent' | 'answered';

/** What an error of the connection means; the original is kept as the cause. */
export function toGatewayError(error: unknown, phase: UpstreamPhase): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError(faultOf(error, phase), { cause: error });
}

function faultOf(error: unknown, phase: UpstreamPhase): FaultCode {
  const { name, code, message } = readError(error);
  const known = Object.hasOwn(faultByCode, code) ? faultByCode[code] : undefined;
  if (known !== undefined) return typeof known === 'string' ? known : known[phase];
  if (isTlsCode(code)) return 'upstream-tls';
  // llhttp's own codes do not always survive undici. What ends in the middle of a chunk is cut; else it is no HTTP.
  if (name === 'HTTPParserError') return /EOF state/.test(message) ? 'upstream-reset' : 'upstream-protocol';
  if (code === 'UND_ERR_SOCKET') {
    return message === 'bad response' || message === 'bad upgrade' ? 'upstream-protocol' : 'upstream-reset';
  }
  if (code.startsWith('UND_ERR_') || code === '') return 'internal';
  return phase === 'connecting' ? 'upstream-unreachable' : 'upstream-reset';
}

/** By code of undici (docs/api/Errors.md) and of the operating system (errno(3)). */
const faultByCode: Readonly<Record<string, FaultCode | Readonly<Record<UpstreamPhase, FaultCode>>>> = {
  ECONNREFUSED: 'upstream-refused',
  EHOSTUNREACH: 'upstream-unreachable',
  EHOSTDOWN: 'upstream-unreachable',
  ENETUNREACH: 'upstream-unreachable',
  ENETDOWN: 'upstream-unreachable',
  EADDRNOTAVAIL: 'upstream-unreachable',
  ENOTFOUND: 'upstream-unreachable',
  EAI_AGAIN: 'upstream-unreachable',
  ETIMEDOUT: {
    connecting: 'upstream-connect-timeout',
    sent: 'upstream-timeout',
    answered: 'upstream-timeout',
  },
  ECONNRESET: { connecting: 'upstream-unreachable', sent: 'upstream-reset', answered: 'upstream-reset' },
  UND_ERR_CONNECT_TIMEOUT: 'upstream-connect-timeout',
  UND_ERR_HEADERS_TIMEOUT: 'upstream-timeout',
  UND_ERR_BODY_TIMEOUT: 'upstream-timeout',
  UND_ERR_HEADERS_OVERFLOW: 'upstream-protocol',
  // Before the head: two lengths. After it: fewer bytes than it said.
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: {
    connecting: 'upstream-protocol',
    sent: 'upstream-protocol',
    answered: 'upstream-reset',
  },
  UND_ERR_INFO: 'upstream-reset',
  // The client sent another amount than it had announced.
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'client-closed',
  UND_ERR_ABORTED: 'client-closed',
  // Given by Node while the handshake was under way.
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'upstream-tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'upstream-tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'upstream-tls',
  EPROTO: 'upstream-tls',
};

function isTlsCode(code: string): boolean {
  return /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|CRL_)/.test(code);
}

/** With several addresses of one name Node gives one error for all attempts: the first of them says why. */
function readError(error: unknown): {
  readonly name: string;
  readonly code: string;
  readonly message: string;
} {
  const one = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  if (!(one instanceof Error)) return { name: '', code: '', message: String(one) };
  const { name, message } = one;
  const code = (one as { code?: unknown }).code;
  // Node reports a handshake that the other side ends as ECONNRESET with this text only.
  if (message.includes('before secure TLS connection')) return { name, code: 'EPROTO', message };
  return { name, code: typeof code === 'string' ? code : '', message };
}
