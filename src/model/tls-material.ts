// What workers need to speak TLS. The only value with private keys: it stands in no configuration, no view and no log.

/** A certificate with its private key, both PEM. */
export type CertificateMaterial = { readonly certificate: string; readonly privateKey: string };

/** Everything that the encrypted entry points of one worker are served with. */
export type TlsMaterial = {
  /** Shown to clients for whose name there is no other certificate. */
  readonly defaultCertificate: CertificateMaterial;
  /** 48 bytes that seal session tickets: the same in all workers, so that a client may resume at any of them. */
  readonly ticketKeys: Uint8Array;
};

/**
 * Certificates and keys (PEM) that connections to servers need, by the names by which the configuration refers to them. A
 * name changes with the text, so that what is configured by it is made anew.
 */
export type PemTexts = ReadonlyMap<string, string>;
