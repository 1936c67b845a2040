// Two things that a UDP socket can do and Node has no public way to (26.10): give its descriptor (net.BoundSocket is for TCP
// only), and stop receiving while it goes on sending. Both are reached through the handle that node:dgram keeps under a symbol;
// the version of Node is pinned, and unit tests see that it is still so.

type Handle = { readonly fd: number; recvStop(): number };

/** The descriptor of a bound dgram.Socket, which stays its owner. @throws TypeError where Node keeps it elsewhere. */
export function descriptorOf(socket: object): number {
  return handleOf(socket).fd;
}

/** A bound dgram.Socket receives nothing any more: another process may read what comes. @throws TypeError as above. */
export function stopReceiving(socket: object): void {
  handleOf(socket).recvStop();
}

function handleOf(socket: object): Handle {
  const key = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'state symbol');
  const states = socket as Readonly<Record<symbol, { readonly handle?: Handle | null } | undefined>>;
  const handle = key === undefined ? undefined : states[key]?.handle;
  if (typeof handle?.fd !== 'number') throw new TypeError('Node keeps the handle of a UDP socket elsewhere.');
  return handle;
}
