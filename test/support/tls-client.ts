// A client of raw bytes over TLS. It trusts everybody: what the certificate says is for tests to look at.
import { connect as connectPlain } from 'node:net';
import { Duplex } from 'node:stream';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { clientOn, type RawClient } from './raw-client.ts';

export type TlsClient = RawClient & { readonly socket: TLSSocket };

/** Connects to a port on loopback and waits for the handshake; rejects when that fails. */
export function tlsClient(port: number, options: ConnectionOptions = {}): Promise<TlsClient> {
  return secured(connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }));
}

/** The same, with one byte of ciphertext in each packet. */
export function tlsClientInBytes(port: number): Promise<TlsClient> {
  const socket = connectPlain({ port, host: '127.0.0.1', noDelay: true });
  const split = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      void (async () => {
        for (const byte of chunk) {
          socket.write(Uint8Array.of(byte));
          await new Promise(setImmediate);
        }
        done();
      })();
    },
  });
  socket.on('data', (bytes: Buffer) => split.push(bytes));
  socket.on('close', () => split.destroy());
  split.on('close', () => socket.destroy());
  return secured(connect({ socket: split, rejectUnauthorized: false }));
}

async function secured(socket: TLSSocket): Promise<TlsClient> {
  const client = clientOn(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve).once('error', reject).once('close', reject);
  });
  return client;
}
