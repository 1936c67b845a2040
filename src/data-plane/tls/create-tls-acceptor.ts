// The handshake: an open connection becomes an encrypted one, or is closed. Node's tls.Server does it, without listening:
// connections are brought to it. It wraps the handle of the socket, so that what is decrypted passes no second stream.
import type { Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { spreadOverTurns } from '../../lib/spread-over-turns.ts';
import type { TlsMaterial } from '../../model/tls-material.ts';
import { type HandshakeFailure, toHandshakeFailure } from './handshake-failure.ts';
import { tlsSettings } from './tls-settings.ts';

/** A hello costs its sender nothing and the gateway up to half a millisecond: so many in one turn of the event loop. */
const maxHellosPerTurn = 16;

/** Makes encrypted connections of plain ones. */
export type TlsAcceptor = {
  /** Takes over an open connection of which `first` has been read. */
  accept(socket: Socket, first: Buffer | undefined): void;
  /** New handshakes are made with this; connections that stand are not touched. */
  use(material: TlsMaterial): void;
};

/** What comes of connections. */
export type TlsAcceptorIo = {
  /** The handshake is done. `protocol` is what both sides chose (ALPN); the first of the list when the client has none. */
  onSecure(secure: TLSSocket, raw: Socket, protocol: string): void;
  /** `onSecure` has thrown, and the connection is closed: nobody else's is. */
  onFault(raw: Socket, error: unknown): void;
  /** It failed, and the connection is closed. */
  onFailure(raw: Socket, failure: HandshakeFailure, error: Error): void;
};

/** Settings of an entry point. */
export type TlsAcceptorOptions = {
  /**
   * Protocols that are offered, best first. A client that knows others only gets the alert no_application_protocol (RFC 7301
   * §3.2), so that nobody makes it read one protocol as another (ALPACA).
   */
  readonly protocols: readonly string[];
  /** Spoken with clients that have no ALPN. */
  readonly fallback: string;
  /** For the whole handshake, however many pieces it comes in. */
  readonly limitMs: number;
};

type Handshake = {
  readonly raw: Socket;
  /** Whether the client may end its side and still be answered. */
  readonly mayHalfOpen: boolean;
  readonly timer: NodeJS.Timeout;
  isLate: boolean;
};

/** Makes an acceptor that holds no handle and no timer while no handshake is under way. */
export function createTlsAcceptor(
  material: TlsMaterial,
  { protocols, fallback, limitMs }: TlsAcceptorOptions,
  io: TlsAcceptorIo,
): TlsAcceptor {
  const handshakes = new Map<Socket, Handshake>();
  const inTurns = spreadOverTurns(maxHellosPerTurn);
  const server = createServer({
    ...tlsSettings(material),
    ALPNProtocols: [...protocols],
    // Node's limit begins again with each byte; the one below does not.
    handshakeTimeout: limitMs,
  });

  /** The end of a handshake, one way or the other. */
  function leave(secure: TLSSocket): Handshake | undefined {
    // The socket beneath: the one thing that Node has no name for.
    const raw = (secure as { _parent?: Socket })._parent;
    const handshake = raw && handshakes.get(raw);
    if (handshake !== undefined) drop(handshake);
    return handshake;
  }

  function drop({ raw, timer }: Handshake): void {
    handshakes.delete(raw);
    clearTimeout(timer);
  }

  server.on('secureConnection', (secure) => {
    const handshake = leave(secure);
    if (handshake === undefined) {
      secure.destroy();
      return;
    }
    secure.allowHalfOpen = handshake.mayHalfOpen;
    try {
      io.onSecure(secure, handshake.raw, secure.alpnProtocol || fallback);
    } catch (error) {
      io.onFault(handshake.raw, error);
      handshake.raw.destroy();
    }
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, secure) => {
    secure.destroy();
    const handshake = leave(secure);
    if (handshake === undefined) return;
    const failure = handshake.isLate ? 'timeout' : toHandshakeFailure(error.code ?? '');
    io.onFailure(handshake.raw, failure, error);
  });

  return {
    accept(raw, first) {
      const handshake: Handshake = {
        raw,
        mayHalfOpen: raw.allowHalfOpen,
        isLate: false,
        timer: setTimeout(() => {
          handshake.isLate = true;
          raw.destroy();
        }, limitMs),
      };
      handshakes.set(raw, handshake);
      // Whoever ends its side within the handshake has left.
      raw.allowHalfOpen = false;
      if (first !== undefined) raw.unshift(first);
      inTurns(() => {
        // The client may have left meanwhile.
        if (raw.destroyed) drop(handshake);
        else server.emit('connection', raw);
      });
    },
    use: (next) => server.setSecureContext(tlsSettings(next)),
  };
}
