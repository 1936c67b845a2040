// Sockets that are bound and never read: what comes waits for the workers, which have descriptors of their own.
import { createSocket } from 'node:dgram';
import { type AddressInfo, BoundSocket } from 'node:net';
import { descriptorOf, stopReceiving } from '../lib/dgram-handle.ts';
import { numericLookup } from '../lib/numeric-lookup.ts';

/** A bound socket that nobody reads from. */
export type HeldSocket = {
  address(): Pick<AddressInfo, 'address' | 'family' | 'port'>;
  fd(): number;
  close(): void;
};

/** Binds to a port of an address, or of all of them where it is empty. Rejects with the error of the system. */
export type Bind = (host: string, port: number, reusePort: boolean) => Promise<HeldSocket>;

/** How sockets of a protocol are bound. */
export function binderOf(protocol: 'tcp' | 'udp'): Bind {
  const bind = protocol === 'udp' ? bindUdp : bindTcp;
  return async (host, port, reusePort) => {
    if (host !== '') return bind(host, port, reusePort);
    try {
      return await bind('::', port, reusePort);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAFNOSUPPORT' && code !== 'EADDRNOTAVAIL') throw error;
      return bind('0.0.0.0', port, reusePort);
    }
  };
}

async function bindTcp(host: string, port: number, reusePort: boolean): Promise<HeldSocket> {
  return new BoundSocket({ host, port, reusePort });
}

function bindUdp(host: string, port: number, reusePort: boolean): Promise<HeldSocket> {
  const socket = createSocket({
    type: host.includes(':') ? 'udp6' : 'udp4',
    reusePort,
    lookup: numericLookup,
  });
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(port, host, () => {
      stopReceiving(socket);
      socket.removeAllListeners('error').on('error', () => {});
      resolve({
        address: () => socket.address(),
        fd: () => descriptorOf(socket),
        close: () => void socket.close(),
      });
    });
  });
}
