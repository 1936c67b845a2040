// Why a handshake failed, in few words: clients choose what they send, so nothing that they choose becomes the name of a
// series. Pure.

/** Reasons as metrics and log show them. */
export type HandshakeFailure =
  | 'timeout'
  | 'closed'
  | 'version'
  | 'cipher'
  | 'protocol'
  | 'refused'
  | 'malformed';

/** Codes of Node and OpenSSL (ssl/ssl_err.c). What is not listed is malformed. */
const reasons: ReadonlyMap<string, HandshakeFailure> = new Map(
  Object.entries({
    ECONNRESET: 'closed',
    EPIPE: 'closed',
    ERR_TLS_HANDSHAKE_TIMEOUT: 'timeout',
    ERR_SSL_UNSUPPORTED_PROTOCOL: 'version',
    ERR_SSL_VERSION_TOO_LOW: 'version',
    ERR_SSL_WRONG_VERSION_NUMBER: 'version',
    ERR_SSL_INAPPROPRIATE_FALLBACK: 'version',
    ERR_SSL_NO_SHARED_CIPHER: 'cipher',
    ERR_SSL_NO_SUITABLE_KEY_SHARE: 'cipher',
    ERR_SSL_NO_SHARED_GROUPS: 'cipher',
    ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: 'cipher',
    ERR_SSL_NO_APPLICATION_PROTOCOL: 'protocol',
  } satisfies Record<string, HandshakeFailure>),
);

/** `code` is that of the error of Node. An alert of the client says that it does not want us, mostly our certificate. */
export function toHandshakeFailure(code: string): HandshakeFailure {
  return reasons.get(code) ?? (/_ALERT_/.test(code) ? 'refused' : 'malformed');
}
