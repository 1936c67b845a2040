// The certificate that is shown while there is no other: self-signed, made anew by each process, as Traefik's. Nobody can
// check it; it lets a connection be encrypted, and says by its name why a browser warns.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { CertificateMaterial } from '../../model/tls-material.ts';
import { bits, element, integer, octets, oid, sequence, set, time, utf8, yes } from './der.ts';

/** What browsers show. */
const commonName = 'BERTH DEFAULT CERT';
/** As Traefik's default certificate. */
const lifetimeMs = 365 * 24 * 60 * 60 * 1_000;
/** A client whose clock is slow must not find it unborn. */
const clockSlackMs = 60 * 60 * 1_000;

const ids = {
  ecdsaWithSha256: oid('1.2.840.10045.4.3.2'),
  commonName: oid('2.5.4.3'),
  keyUsage: oid('2.5.29.15'),
  alternativeName: oid('2.5.29.17'),
  basicConstraints: oid('2.5.29.19'),
  extendedKeyUsage: oid('2.5.29.37'),
  serverAuth: oid('1.3.6.1.5.5.7.3.1'),
} as const;

/** A new key (EC P-256: signing takes much less CPU than with RSA) and a certificate for a year (RFC 5280). */
export function createDefaultCertificate(now: Date): CertificateMaterial {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(ids.ecdsaWithSha256);
  const name = sequence(set(sequence(ids.commonName, utf8(commonName))));
  const body = sequence(
    element(0xa0, integer(Buffer.from([2]))), // version 3
    integer(serialNumber()),
    algorithm,
    name,
    sequence(time(new Date(now.getTime() - clockSlackMs)), time(new Date(now.getTime() + lifetimeMs))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(...extensions())),
  );
  const signature = sign('sha256', body, privateKey);
  return {
    certificate: toPem('CERTIFICATE', sequence(body, algorithm, bits(signature))),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

function extensions(): readonly Buffer[] {
  // A name of its own, so that no browser takes two gateways' certificates for one and the same.
  const host = `${randomBytes(16).toString('hex')}.berth.default`;
  const digitalSignature = bits(Buffer.from([0x80]), 7);
  return [
    sequence(ids.basicConstraints, yes, octets(sequence())),
    sequence(ids.keyUsage, yes, octets(digitalSignature)),
    sequence(ids.extendedKeyUsage, octets(sequence(ids.serverAuth))),
    sequence(ids.alternativeName, octets(sequence(element(0x82, Buffer.from(host, 'latin1'))))),
  ];
}

/** Positive and of full length: 126 random bits. */
function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

function toPem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
