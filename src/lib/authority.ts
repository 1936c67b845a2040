// Hosts and ports as URLs write them. Pure.

/** The host part of a URL: an IPv6 address gets its brackets (RFC 3986 §3.2.2), anything else stays as it is. */
export function toUrlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** `host:port`. */
export function toAuthority(host: string, port: number): string {
  return `${toUrlHost(host)}:${port}`;
}
