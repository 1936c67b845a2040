// For UDP sockets that are only ever given addresses: node:dgram looks the host of each datagram up, and its own lookup
// answers a turn of the event loop later even for an address.

type Answer = (error: null, address: string, family: number) => void;

/** The option `lookup` of dgram.createSocket: the host is an address, and the answer comes at once. */
export function numericLookup(host: string, _options: unknown, answer: Answer): void {
  answer(null, host, host.includes(':') ? 6 : 4);
}
