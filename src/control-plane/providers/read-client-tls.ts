// The TLS files of a provider's options → options of node:tls. Throws with a reason that names the option.
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { ClientTls } from '../../model/startup.ts';

/** `provider` names the options in messages. Without `tls` the system's authorities count. */
export function readClientTls(tls: ClientTls | undefined, provider: string): ConnectionOptions {
  const pem = (option: 'ca' | 'cert' | 'key') => {
    const value = tls?.[option] ?? '';
    return value === '' ? {} : { [option]: readPem(`providers.${provider}.tls.${option}`, value) };
  };
  return {
    ...pem('ca'),
    ...pem('cert'),
    ...pem('key'),
    rejectUnauthorized: tls?.insecureSkipVerify !== true,
  };
}

/** Traefik takes the name of a file or the content itself. */
function readPem(option: string, value: string): string {
  if (value.includes('-----BEGIN')) return value;
  try {
    return readFileSync(value, 'utf8');
  } catch (cause) {
    throw new Error(`${option}: the file ${value} cannot be read`, { cause });
  }
}
