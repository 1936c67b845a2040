// The certificate that peers show: self-signed, EC P-256, made with openssl.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Certificate } from './site.ts';

/** Makes one in the folder. */
export function makeCertificate(folder: string): Certificate {
  const certificateFile = join(folder, 'certificate.pem');
  const keyFile = join(folder, 'key.pem');
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '30',
  ];
  const names = 'subjectAltName=DNS:localhost,DNS:*.test,IP:127.0.0.1';
  execFileSync(
    'openssl',
    [...args, '-subj', '/CN=localhost', '-addext', names, '-keyout', keyFile, '-out', certificateFile],
    { stdio: 'ignore' },
  );
  return { certificateFile, keyFile };
}
