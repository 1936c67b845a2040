// redirectScheme: sends the client to another scheme or port (Traefik pkg/middlewares/redirect). A request that is
// already where it should be passes, so that there is no loop.
import type { RedirectSchemeOptions } from '../../../model/middlewares/redirect-scheme.ts';
import type { Exchange, HeadMiddleware } from '../exchange.ts';

/** Status and its text by permanence; a method other than GET must not become GET (RFC 9110 §15.4.8, §15.4.9). */
const statuses = {
  temporary: { get: [302, 'Found'], other: [307, 'Temporary Redirect'] },
  permanent: { get: [301, 'Moved Permanently'], other: [308, 'Permanent Redirect'] },
} as const;

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' };

/** Redirects to another scheme or port (Traefik v3.7 "RedirectScheme"). */
export function compileRedirectScheme(options: RedirectSchemeOptions): HeadMiddleware {
  const { scheme } = options;
  const port = options.port ?? '';
  const target = { scheme, port: port === defaultPorts[scheme] ? '' : port };
  const byMethod = options.permanent === true ? statuses.permanent : statuses.temporary;
  return (exchange) => {
    const asked = splitHost(exchange);
    if (exchange.scheme === target.scheme && asked.port === target.port) return undefined;
    const [status, text] = exchange.method === 'GET' ? byMethod.get : byMethod.other;
    const authority = target.port === '' ? asked.name : `${asked.name}:${target.port}`;
    const location = `${target.scheme}://${authority}${exchange.path}${exchange.query}`;
    return {
      status,
      fields: ['Location', location, 'Content-Type', 'text/plain; charset=utf-8'],
      body: text,
    };
  };
}

/** Name and port of the Host field; the port is empty when it is the one of the scheme. */
function splitHost(exchange: Exchange): { readonly name: string; readonly port: string } {
  const host = exchange.originalHost;
  const colon = host.lastIndexOf(':');
  // In `[::1]` the last colon belongs to the address.
  if (colon < 0 || host.endsWith(']')) return { name: host, port: '' };
  const port = host.slice(colon + 1);
  return { name: host.slice(0, colon), port: port === defaultPorts[exchange.scheme] ? '' : port };
}
