// TLS towards the source of a provider, with its defaults (Traefik v3.7, types.ClientTLS). Pure.
import type { ClientTlsOptions } from '../../model/provider-options.ts';
import type { ClientTls } from '../../model/startup.ts';

/** Empty texts stand for what is not set. */
export function resolveClientTls(tls: ClientTlsOptions | undefined): { readonly tls?: ClientTls } {
  if (tls === undefined) return {};
  const { ca = '', cert = '', key = '', insecureSkipVerify = false } = tls;
  return { tls: { ca, cert, key, insecureSkipVerify } };
}
