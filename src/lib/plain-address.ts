// Addresses of clients as everybody writes them.

/** Dual-stack sockets give IPv4 addresses as ::ffff:192.0.2.1; zones (fe80::1%eth0) mean nothing to others. */
export function plainAddress(address: string): string {
  const mapped = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
  const zone = mapped.indexOf('%');
  return zone < 0 ? mapped : mapped.slice(0, zone);
}
