// allowedHosts: only these hosts are served. And whether a client used TLS, as far as proxies in front may say so.
import { fieldOf } from '../../../lib/header-fields.ts';
import type { HeadersOptions } from '../../../model/middlewares/headers.ts';
import type { Exchange, HeadMiddleware } from '../exchange.ts';

/** Undefined when every host is served. The answer is Traefik's: 500 and a plain text. */
export function compileHostGuard(options: HeadersOptions): HeadMiddleware | undefined {
  const allowed = new Set((options.allowedHosts ?? []).map((host) => host.toLowerCase()));
  if (allowed.size === 0 || options.isDevelopment === true) return undefined;
  const carriers = (options.hostsProxyHeaders ?? []).map((name) => name.toLowerCase());
  return (exchange) => {
    const carried = carriers.map((name) => fieldOf(exchange.fields, name)).find((host) => host);
    const host = carried ?? exchange.host;
    if (allowed.has(host.toLowerCase())) return undefined;
    return { status: 500, fields: ['Content-Type', 'text/plain; charset=utf-8'], body: 'Bad Host' };
  };
}

/** Whether the client's side is encrypted: here, or in front by one of sslProxyHeaders. */
export function compileTlsTest(options: HeadersOptions): (exchange: Exchange) => boolean {
  const proofs = Object.entries(options.sslProxyHeaders ?? {}).map(([name, value]) => ({
    name: name.toLowerCase(),
    value,
  }));
  return (exchange) =>
    exchange.isTls || proofs.some(({ name, value }) => fieldOf(exchange.fields, name) === value);
}
