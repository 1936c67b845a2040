// Reads the certificates and keys that the configuration names, and gives their texts names. It reads in the control plane,
// where a fault becomes a diagnostic; a worker gets the texts.
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { PemFault, PemReader } from '../../model/pem-reader.ts';

/** A label can name any file: a large one, or one without an end, must not stop this thread. A bundle has some 200 KiB. */
const maxBytes = 1024 * 1024;

const certificatePattern = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** `onRead` hears of each text before its name stands anywhere; of the same one again, too. */
export function createPemBook(onRead: (name: string, text: string) => void): PemReader {
  const name = (source: string, text: string): string => {
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const named = isPem(source) ? `PEM#${digest}` : `${source}#${digest}`;
    onRead(named, text);
    return named;
  };
  return {
    certificates(source) {
      const text = read(source);
      if (typeof text !== 'string') return text;
      return faultOfCertificates(source, text) ?? { name: name(source, text) };
    },
    keyPair(cert, key) {
      const certText = read(cert);
      if (typeof certText !== 'string') return certText;
      const keyText = read(key);
      if (typeof keyText !== 'string') return keyText;
      const fault = faultOfCertificates(cert, certText) ?? faultOfPair(key, certText, keyText);
      return fault ?? { cert: name(cert, certText), key: name(key, keyText) };
    },
  };
}

function isPem(source: string): boolean {
  return source.includes('-----BEGIN');
}

function read(source: string): string | PemFault {
  if (isPem(source)) return source;
  try {
    const stats = statSync(source);
    if (!stats.isFile()) return { message: `${source} is not a file.`, hint: 'Name a PEM file.' };
    if (stats.size > maxBytes) {
      return { message: `${source} is larger than 1 MiB.`, hint: 'Name a PEM file.' };
    }
    return readFileSync(source, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return {
      message: `The file ${source} cannot be read (${code}).`,
      hint: 'Mount it into the gateway’s container, and name its path there; then change the label, or send SIGHUP.',
    };
  }
}

/** @returns undefined when all certificates can be read, and there is one. */
function faultOfCertificates(source: string, text: string): PemFault | undefined {
  const what = isPem(source) ? 'The PEM text' : source;
  const hint = 'It has to hold certificates in PEM: -----BEGIN CERTIFICATE----- and so on.';
  const found = text.match(certificatePattern);
  if (found === null) return { message: `${what} holds no certificate.`, hint };
  try {
    for (const one of found) new X509Certificate(one);
    return undefined;
  } catch {
    return { message: `${what} holds a certificate that cannot be read.`, hint };
  }
}

function faultOfPair(source: string, cert: string, key: string): PemFault | undefined {
  const what = isPem(source) ? 'The PEM text of the key' : source;
  try {
    if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return undefined;
    return {
      message: `${what} is not the key of this certificate.`,
      hint: 'Name the two that belong together.',
    };
  } catch {
    return {
      message: `${what} holds no private key that can be read.`,
      hint: 'It has to be PEM, without a password.',
    };
  }
}
