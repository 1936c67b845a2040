// Which container the gateway itself runs in, and how it sees the machine around it. All of it is read from the
// gateway's own /proc: the Engine need not be asked.
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** What the gateway's /proc says; injected, so that tests can stand in any container. */
export type ProcReader = {
  readonly read: (path: string) => Promise<string>;
  readonly hostname: () => string;
  readonly lookup: (name: string) => Promise<string>;
};

const realProc: ProcReader = {
  read: (path) => readFile(path, 'utf8'),
  hostname,
  lookup: async (name) => (await lookup(name, { family: 4 })).address,
};

/** Names under which Docker Desktop and Podman give containers the address of the host (as Traefik asks them). */
const hostNames = ['host.docker.internal', 'host.containers.internal'];

/** Ids, or their beginnings, that the own container may have, the surest first; empty when nothing hints at one. */
export async function readOwnIds(proc: ProcReader = realProc): Promise<readonly string[]> {
  const [mounts, cgroups] = await Promise.all([
    proc.read('/proc/self/mountinfo').catch(() => ''),
    proc.read('/proc/self/cgroup').catch(() => ''),
  ]);
  const name = proc.hostname();
  const hints = [idInMounts(mounts), idInCgroups(cgroups), /^[0-9a-f]{12}$/.test(name) ? name : undefined];
  return [...new Set(hints.filter((id) => id !== undefined))];
}

/** Where a container in host mode is reached from within a container. May take as long as a name service does. */
export async function findHostAddress(proc: ProcReader = realProc): Promise<string> {
  for (const name of hostNames) {
    const address = await proc.lookup(name).catch(() => undefined);
    if (address !== undefined) return address;
  }
  return defaultGateway(await proc.read('/proc/net/route').catch(() => '')) ?? loopback;
}

/** Where a container in host mode is reached from the host itself, or from another one in host mode. */
export const loopback = '127.0.0.1';

/**
 * The Engine mounts the files of a container's name into it. Only these mount points count: seen from the host, the
 * directories of all other containers are mount points too.
 */
function idInMounts(mounts: string): string | undefined {
  return /\/containers\/([0-9a-f]{64})\/\S+ \/etc\/(?:hostname|hosts|resolv\.conf) /.exec(mounts)?.[1];
}

function idInCgroups(cgroups: string): string | undefined {
  return /(?:docker|libpod)[-/]([0-9a-f]{64})(?:\.scope)?$/m.exec(cgroups)?.[1];
}

/** In a bridge network the default gateway is the host. The kernel writes it as little-endian hexadecimal digits. */
function defaultGateway(routes: string): string | undefined {
  const digits = /^\S+\s+00000000\s+([0-9A-F]{8})\s/m.exec(routes)?.[1];
  if (digits === undefined || digits === '00000000') return undefined;
  return (digits.match(/../g) ?? [])
    .reverse()
    .map((pair) => Number.parseInt(pair, 16))
    .join('.');
}
