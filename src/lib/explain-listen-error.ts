// Why a port cannot be listened on, and what to do about it. Pure.
import { toAuthority } from './authority.ts';

const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'is taken: another program listens there (`ss -ltnp` names it). Stop it, or choose another address.',
  EACCES:
    'may not be used: ports below 1024 are root’s. Choose another port, or allow it (CAP_NET_BIND_SERVICE).',
  EADDRNOTAVAIL:
    'is no address of this machine. Choose one of its own, or leave the host out to listen on all.',
};

/** One or two sentences for the operator about the failure to listen on `host` (empty for all) and `port`. */
export function explainListenError(error: unknown, host: string, port: number): string {
  const { code = '', message = String(error) } = error as {
    readonly code?: string;
    readonly message?: string;
  };
  const address = toAuthority(host, port);
  const remedy = remedies[code];
  return remedy === undefined
    ? `Cannot listen on ${address}: ${message}`
    : `The address ${address} ${remedy}`;
}
