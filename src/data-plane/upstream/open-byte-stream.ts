// One connection to a replica that is nothing but bytes, for a client that has it alone.
import { connect as connectTcp, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { GatewayError } from '../../model/errors.ts';
import { toGatewayError } from './to-gateway-error.ts';

/** What has to be said and heard before the bytes begin. */
export type Prelude = { readonly says: Buffer; readonly hears: Buffer };

/** What comes before the bytes of the client. */
export type Opening = {
  readonly prelude?: Prelude | undefined;
  /** The very first bytes, before TLS too: the header of the PROXY protocol. */
  readonly header?: Buffer | undefined;
};

/** Traefik's dialTimeout, for everything until the bytes can begin. */
export const dialTimeoutMs = 30_000;
/** Traefik's dialKeepAlive: when a connection on which nothing moves is asked whether anybody is there. */
export const keepAliveProbeMs = 15_000;

/**
 * Connects to `tcp://host:port` or, by TLS and with its certificate verified, `tls://host:port`. `then` is called once: with
 * the paused socket, on which nobody listens any more, or with what went wrong. Destroying the returned socket before that
 * gives it up.
 */
export function openByteStream(
  origin: string,
  then: (result: Socket | GatewayError) => void,
  { prelude, header }: Opening = {},
  limitMs: number = dialTimeoutMs,
): Socket {
  const { protocol, hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  const target = {
    host,
    port: Number(port),
    // Either side may end first, and is heard until the other ends too.
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveProbeMs,
  };
  const isTls = protocol === 'tls:';
  const socket = isTls ? dialTls(target, header) : dialPlain(target, header);
  const timer = setTimeout(() => settle(new GatewayError('upstream-connect-timeout')), limitMs);
  let heard = Buffer.alloc(0);

  function settle(result: Socket | GatewayError): void {
    clearTimeout(timer);
    socket.off('error', onError).off('close', onClose).off('end', onEnd).off('data', onData);
    if (result === socket) socket.pause();
    else socket.on('error', () => {}).destroy();
    then(result);
  }
  function onError(error: Error): void {
    settle(toGatewayError(error, 'connecting'));
  }
  function onClose(): void {
    settle(new GatewayError('upstream-unreachable'));
  }
  function onEnd(): void {
    settle(new GatewayError('upstream-protocol'));
  }
  function onData(chunk: Buffer): void {
    heard = Buffer.concat([heard, chunk]);
    const wanted = prelude?.hears ?? heard;
    if (!wanted.subarray(0, heard.length).equals(heard)) settle(new GatewayError('upstream-protocol'));
    else if (heard.length === wanted.length) settle(socket);
  }
  socket.once('error', onError).once('close', onClose);
  socket.once(isTls ? 'secureConnect' : 'connect', () => {
    if (prelude === undefined) {
      settle(socket);
      return;
    }
    socket.on('data', onData).once('end', onEnd);
    socket.write(prelude.says);
  });
  return socket;
}

type Target = Pick<
  TcpNetConnectOpts,
  'port' | 'noDelay' | 'keepAlive' | 'keepAliveInitialDelay' | 'allowHalfOpen'
> & {
  readonly host: string;
};

function dialPlain(target: Target, header: Buffer | undefined): Socket {
  const socket = connectTcp(target);
  if (header !== undefined) socket.once('connect', () => socket.write(header));
  return socket;
}

function dialTls(target: Target, header: Buffer | undefined): Socket {
  const servername = isIP(target.host) === 0 ? target.host : '';
  if (header === undefined) return connectTls({ ...target, servername });
  const raw = dialPlain(target, header);
  const socket = connectTls({ socket: raw, servername });
  raw.on('error', (error) => socket.destroy(error));
  return socket;
}
