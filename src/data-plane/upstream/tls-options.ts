// How TLS is spoken with servers, in the words of Node.
import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { TransportTls } from '../live-state/upstream.ts';

/** Those of tls.connect that the configuration decides on. */
export type TlsOptions = {
  readonly servername: string;
  readonly rejectUnauthorized: boolean;
  readonly secureContext?: SecureContext;
};

/** Options of tls.connect for all connections to `host`. Certificates are read once, here. @throws when one is faulty. */
export function toTlsOptions(
  host: string,
  { ca, certificates, rejectUnauthorized }: TransportTls,
): TlsOptions {
  const servername = isIP(host) === 0 ? host : '';
  if (ca === undefined && certificates === undefined) return { servername, rejectUnauthorized };
  const secureContext = createSecureContext({
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(certificates === undefined
      ? {}
      : { cert: certificates.map(({ cert }) => cert), key: certificates.map(({ key }) => key) }),
  });
  return { servername, rejectUnauthorized, secureContext };
}
