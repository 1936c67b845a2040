// Whoever reads the certificates and keys that the configuration names. The texts never stand in the configuration: there
// they are names, and the texts go to workers as `PemTexts`.

/** Why it cannot be used: one sentence, which holds nothing of the text, and what to do. */
export type PemFault = { readonly message: string; readonly hint: string };

/** Reads what a user wrote: the path of a file, or PEM itself. */
export type PemReader = {
  /** The name of one or more certificates. */
  certificates(source: string): { readonly name: string } | PemFault;
  /** The names of a certificate (with those that lead to its authority) and of its private key. */
  keyPair(cert: string, key: string): { readonly cert: string; readonly key: string } | PemFault;
};
