// The keys of the gateway: it makes what workers speak TLS with, and replaces in time what must not grow old.
import { randomBytes } from 'node:crypto';
import type { TlsMaterial } from '../../model/tls-material.ts';
import { createDefaultCertificate } from './create-default-certificate.ts';

/** What workers are given, and when it changes. */
export type KeyRing = {
  /** The present one. */
  readonly material: () => TlsMaterial;
  close(): void;
};

/**
 * Who learns the ticket keys can read all connections of TLS 1.2 that were resumed with them, so they live half a day. A
 * client that comes with an older ticket makes a full handshake.
 */
const ticketKeysLifeMs = 12 * 60 * 60 * 1_000;
/** The default certificate is valid for 365 days. */
const certificateLifeMs = 300 * 24 * 60 * 60 * 1_000;
/** OpenSSL: a name, a key for the checksum and one for the cipher, 16 bytes each. */
const ticketKeysBytes = 48;

/** Makes the first keys at once. `onChange` hears of all others. */
export function createKeyRing(onChange: (material: TlsMaterial) => void): KeyRing {
  let madeAt = Date.now();
  let material: TlsMaterial = {
    defaultCertificate: createDefaultCertificate(new Date(madeAt)),
    ticketKeys: randomBytes(ticketKeysBytes),
  };
  const timer = setInterval(() => {
    const now = Date.now();
    const isOld = now - madeAt > certificateLifeMs;
    if (isOld) madeAt = now;
    material = {
      defaultCertificate: isOld ? createDefaultCertificate(new Date(now)) : material.defaultCertificate,
      ticketKeys: randomBytes(ticketKeysBytes),
    };
    onChange(material);
  }, ticketKeysLifeMs);
  timer.unref();
  return { material: () => material, close: () => clearInterval(timer) };
}
