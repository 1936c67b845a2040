// An entry point's address: [host]:port[/tcp|/udp] (Traefik v3.7 "EntryPoints", address). Pure.

/** Where an entry point listens. */
export type ListenAddress = {
  readonly host: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
};

const pattern = /^(?<host>\[[0-9a-fA-F:.%a-z]*\]|[^:[\]/]*):(?<port>\d{1,5})(?:\/(?<protocol>tcp|udp))?$/;

/** The address in its parts; undefined if it is malformed. An empty host means all addresses. */
export function parseAddress(address: string): ListenAddress | undefined {
  const groups = pattern.exec(address.trim())?.groups;
  if (groups === undefined) return undefined;
  const port = Number(groups.port);
  if (port > 65_535) return undefined;
  const host = (groups.host ?? '').replace(/^\[|\]$/g, '');
  return { host, port, protocol: groups.protocol === 'udp' ? 'udp' : 'tcp' };
}
