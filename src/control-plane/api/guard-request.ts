// Who may ask the API. It has no password and listens on a port of the machine, so any web page that the operator
// visits could ask it: under a name of its own that suddenly leads here (DNS rebinding), or across origins.
import { isIP } from 'node:net';
import { ApiError } from './api-error.ts';

/** What is judged of a request. */
export type GuardedRequest = {
  readonly method: string;
  /** The path without its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
};

/** Names under which the API may be asked. */
export type GuardOptions = {
  /** api.allowedHosts: exact names, `*.example.com`, or `*` for any. */
  readonly allowedHosts: readonly string[];
  /** The machine's or container's own name. */
  readonly ownName: string;
};

/** Says OK and nothing else, and health checks use all sorts of names. */
const harmlessPath = '/ping';

/** Throws ApiError 405, 421 or 403 where the request must not be answered. */
export function guardRequest(request: GuardedRequest, options: GuardOptions): void {
  // Read-only by design: what nobody can change, nobody can be tricked into changing.
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new ApiError(405, 'Only GET and HEAD are answered here.');
  }
  if (request.path === harmlessPath) return;
  const host = single(request.headers.host);
  if (host !== undefined && !isAllowedHost(host, options)) {
    throw new ApiError(
      421,
      `The host ${JSON.stringify(host.slice(0, 255))} is not known here. If it is yours, start with --api.allowedHosts=${hostName(host).slice(0, 255) || '<name>'}.`,
    );
  }
  if (isForeign(request.headers, host)) throw new ApiError(403, 'Other origins may not ask here.');
}

function isAllowedHost(host: string, { allowedHosts, ownName }: GuardOptions): boolean {
  const name = hostName(host);
  if (isIP(name) !== 0 || name === ownName.toLowerCase()) return true;
  // No public name resolves to these: single labels (compose services, container names; RFC 7085 calls dotless domains
  // harmful, and ICANN forbids them), .localhost (RFC 6761) and .internal (reserved by ICANN in 2024).
  if (/^[a-z0-9_-]+$/.test(name) || /^[a-z0-9_.-]+\.(localhost|internal)$/.test(name)) return true;
  return allowedHosts.some((allowed) => matches(name, allowed.toLowerCase()));
}

function matches(name: string, allowed: string): boolean {
  if (allowed === '*' || name === allowed) return true;
  return allowed.startsWith('*.') && name.endsWith(allowed.slice(1)) && name.length > allowed.length - 1;
}

/** The Host field without port, brackets and one trailing dot, in lower case; empty where it is malformed. */
function hostName(host: string): string {
  const found = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+?)\.?)(?::\d{1,5})?$/.exec(host.toLowerCase());
  return found?.[1] ?? found?.[2] ?? '';
}

/**
 * Browsers add Origin to requests across origins that could be read, and Sec-Fetch-Site to all (Fetch Metadata). A link
 * that leads to the dashboard is a navigation and stays allowed.
 */
function isForeign(headers: GuardedRequest['headers'], host: string | undefined): boolean {
  const origin = single(headers.origin);
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) return true;
  return (
    single(headers['sec-fetch-site']) === 'cross-site' && single(headers['sec-fetch-mode']) !== 'navigate'
  );
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
