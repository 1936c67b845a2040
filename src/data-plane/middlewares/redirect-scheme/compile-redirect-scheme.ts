// redirectScheme: sends the client to another scheme or port (Traefik pkg/middlewares/redirect). A request that is
// already where it should be passes, so that there is no loop.
import type { RedirectSchemeOptions } from '../../../model/middlewares/redirect-scheme.ts';
import type { Exchange, HeadMiddleware } from '../exchange.ts';
import { redirectAnswer } from '../redirect-answer.ts';

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' };

/** Redirects to another scheme or port (Traefik v3.7 "RedirectScheme"). */
export function compileRedirectScheme(options: RedirectSchemeOptions): HeadMiddleware {
  const { scheme } = options;
  const port = options.port ?? '';
  const target = { scheme, port: port === defaultPorts[scheme] ? '' : port };
  const permanent = options.permanent === true;
  return (exchange) => {
    const asked = splitHost(exchange);
    if (exchange.scheme === target.scheme && asked.port === target.port) return undefined;
    const authority = target.port === '' ? asked.name : `${asked.name}:${target.port}`;
    const location = `${target.scheme}://${authority}${exchange.path}${exchange.query}`;
    return redirectAnswer(location, exchange.method, permanent);
  };
}

/** Name and port of the Host field as middlewares before have left it (so does Traefik); the port is empty when it is the one of the scheme. */
function splitHost(exchange: Exchange): { readonly name: string; readonly port: string } {
  const { host } = exchange;
  const colon = host.lastIndexOf(':');
  // In `[::1]` the last colon belongs to the address.
  if (colon < 0 || host.endsWith(']')) return { name: host, port: '' };
  const port = host.slice(colon + 1);
  return { name: host.slice(0, colon), port: port === defaultPorts[exchange.scheme] ? '' : port };
}
