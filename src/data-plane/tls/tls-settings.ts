// What is spoken with whom: one choice for all entry points, after Mozilla's "intermediate" (ssl-config version 5.7).
import { constants } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import type { TlsMaterial } from '../../model/tls-material.ts';

/**
 * Forward secrecy and authenticated encryption only: Node's own default has CBC and static RSA in it (ROBOT, Lucky 13). 128
 * bits come first because they cost less.
 */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** A hybrid against the quantum computers to come first, then what is cheap and safe; X448 and P-521 are neither. */
const groups = 'X25519MLKEM768:X25519:prime256v1:secp384r1';

/** Node's word for SSL_OP_PRIORITIZE_CHACHA: a client that asks for ChaCha20 first has no AES in hardware. */
const { SSL_OP_NO_RENEGOTIATION, SSL_OP_PRIORITIZE_CHACHA } = constants as typeof constants & {
  readonly SSL_OP_NO_RENEGOTIATION: number;
};

/** Options of a tls.Server, and of its setSecureContext. No certificate of a client is asked for. */
export function tlsSettings({ defaultCertificate, ticketKeys }: TlsMaterial): TlsOptions {
  return {
    cert: defaultCertificate.certificate,
    key: defaultCertificate.privateKey,
    ticketKeys: Buffer.from(ticketKeys),
    // Equal in all workers, or a ticket of one would be foreign to the others.
    sessionIdContext: 'berth',
    minVersion: 'TLSv1.2',
    ciphers,
    ecdhCurve: groups,
    honorCipherOrder: true,
    // A renegotiation costs a server ten times what it costs a client (CVE-2011-1473), and nobody needs one.
    secureOptions: SSL_OP_NO_RENEGOTIATION | SSL_OP_PRIORITIZE_CHACHA,
  };
}
