// How the server of a forwardAuth middleware is connected to, where its options say anything of TLS.
import type { ClientTlsOptions } from '../../../model/middlewares/client-tls.ts';
import { defaultTransport, type Transport } from '../../live-state/upstream.ts';

/** `pem` gives the text of a certificate or key by its name, which changes with the text: so the names tell it all. */
export function toAuthTransport(
  { ca, cert, key, insecureSkipVerify = false }: ClientTlsOptions,
  pem: (name: string) => string,
): Transport {
  return {
    ...defaultTransport,
    key: JSON.stringify([ca, cert, key, insecureSkipVerify]),
    tls: {
      ...(ca ? { ca: [pem(ca)] } : {}),
      ...(cert && key ? { certificates: [{ cert: pem(cert), key: pem(key) }] } : {}),
      rejectUnauthorized: !insecureSkipVerify,
    },
  };
}
