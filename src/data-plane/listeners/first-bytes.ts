// What a client speaks, from the first bytes of its connection. Pure.

/** undefined: too few bytes to tell. */
export type FirstProtocol = 'tls' | 'http2' | 'http1' | undefined;

/** The content type of a TLS handshake record (RFC 8446 §5.1). No method of HTTP begins with it. */
const tlsHandshake = 0x16;
/** Of the connection preface of HTTP/2 (RFC 9113 §3.4) as much as no request line of HTTP/1 begins with. */
const prefaceStart = Buffer.from('PRI * HTTP/2', 'latin1');

/** Tells protocols apart; `first` is not empty. */
export function protocolOf(first: Buffer): FirstProtocol {
  if (first[0] === tlsHandshake) return 'tls';
  if (first[0] !== prefaceStart[0]) return 'http1';
  const length = Math.min(first.length, prefaceStart.length);
  if (first.compare(prefaceStart, 0, length, 0, length) !== 0) return 'http1';
  return length === prefaceStart.length ? 'http2' : undefined;
}
