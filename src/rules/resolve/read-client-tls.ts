// TLS towards a server that a middleware asks: certificates and keys become names of texts. Pure but for the reader.
import type { ClientTlsOptions } from '../../model/middlewares/client-tls.ts';
import type { PemReader } from '../../model/pem-reader.ts';
import type { Verdict } from './verdict.ts';

/** Reads nothing: for a check on a machine that has not the gateway's files. */
export const unreadPems: PemReader = {
  certificates: (source) => ({ name: source }),
  keyPair: (cert, key) => ({ cert, key }),
};

/** The options with the names of what was read. `key` is the section's, such as `forwardAuth.tls`; faults go to `verdict`. */
export function readClientTls(
  key: string,
  tls: ClientTlsOptions,
  pems: PemReader,
  verdict: Pick<Verdict, 'add'>,
): ClientTlsOptions {
  const { ca = '', cert = '', key: privateKey = '', ...rest } = tls;
  const fault = (part: string, source: string, message: string, hint: string): void => {
    const option = { key: `${key}.${part}`, value: shownSource(source) };
    verdict.add({ severity: 'error', code: 'bad-value', message, hint, option });
  };
  const authority = ca === '' ? undefined : pems.certificates(ca);
  if (authority !== undefined && 'message' in authority) fault('ca', ca, authority.message, authority.hint);
  const isHalf = (cert === '') !== (privateKey === '');
  if (isHalf) {
    const missing = cert === '' ? 'cert' : 'key';
    fault('cert', cert, 'A certificate and its key come together.', `Set ${key}.${missing} too.`);
  }
  const pair = cert === '' || privateKey === '' ? undefined : pems.keyPair(cert, privateKey);
  if (pair !== undefined && 'message' in pair) fault('cert', cert, pair.message, pair.hint);
  return {
    ...rest,
    ...(authority !== undefined && 'name' in authority ? { ca: authority.name } : {}),
    ...(pair !== undefined && 'cert' in pair ? pair : {}),
  };
}

/** PEM itself is long, and tells nobody anything. */
function shownSource(source: string): string {
  return source.includes('-----BEGIN') ? 'PEM' : source;
}
