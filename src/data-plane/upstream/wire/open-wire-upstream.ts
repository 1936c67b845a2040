// All raw connections to one HTTP/1.1 origin. The one used last is used next, so that the others grow old and close.
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { GatewayError } from '../../../model/errors.ts';
import type { Transport, WireUpstream } from '../../live-state/upstream.ts';
import { toTlsOptions } from '../tls-options.ts';
import { Link, type LinkOwner } from './link.ts';
import { usualBuffer } from './read-buffers.ts';
import { HeadMemory } from './response-reader.ts';

/** The connections of an origin; none is open yet. */
export type OpenWireUpstream = WireUpstream & {
  /** Idle connections close now, the others when they are done. */
  close(): void;
};

/** How often idle connections are looked through. */
const sweepMs = 500;
/** When a connection on which nothing moves is asked whether anybody is there. */
const keepAliveProbeMs = 10_000;

function read(link: Link, buffer: Uint8Array, size: number): boolean {
  link.onData((buffer as Buffer).subarray(0, size));
  return true;
}

/** `origin` is `http://host:port` or `https://host:port`. */
export function openWireUpstream(origin: string, options: Transport): OpenWireUpstream {
  const { protocol, hostname, port } = new URL(origin);
  const isTls = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const target = {
    host,
    port: port === '' ? (isTls ? 443 : 80) : Number(port),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveProbeMs,
  };
  const tls = isTls ? toTlsOptions(host, options.tls) : undefined;
  const idle: Link[] = [];
  let sweeper: NodeJS.Timeout | undefined;
  let closed = false;

  const owner: LinkOwner = {
    memory: new HeadMemory(),
    giveBack(link) {
      if (closed || idle.length >= options.maxIdle) {
        link.close();
        return;
      }
      link.idleSince = performance.now();
      idle.push(link);
      sweeper ??= setInterval(sweep, sweepMs).unref();
    },
    forget(link) {
      const at = idle.lastIndexOf(link);
      if (at >= 0) idle.splice(at, 1);
    },
  };

  /** The oldest stand first. */
  function sweep(): void {
    const limit = performance.now() - options.keepAliveMs;
    while (idle[0] !== undefined && idle[0].idleSince < limit) idle[0].close();
    if (idle.length > 0) return;
    clearInterval(sweeper);
    sweeper = undefined;
  }

  /** With `isTunnel` its socket is a plain one, which can become a stream of bytes. */
  function open(isTunnel: boolean): Link {
    let link: Link | undefined;
    const socket: Socket = tls
      ? connectTls({ ...target, ...tls, ALPNProtocols: ['http/1.1'] })
      : isTunnel
        ? connectTcp(target)
        : connectTcp({
            ...target,
            onread: {
              buffer: () => link?.buffer ?? usualBuffer,
              callback: (size, buffer) => read(link as Link, buffer, size),
            },
          });
    const opened = isTls ? 'secureConnect' : 'connect';
    const opening = new Link(socket, opened, owner);
    link = opening;
    const timer = setTimeout(
      () => opening.fail(new GatewayError('upstream-connect-timeout')),
      options.connectTimeoutMs,
    );
    const disarm = (): void => {
      clearTimeout(timer);
      socket.off('close', disarm);
    };
    socket.once(opened, disarm).once('close', disarm);
    return opening;
  }

  return {
    take(user, now, isTunnel) {
      if (isTunnel) {
        const link = open(true);
        link.lend(user);
        return link;
      }
      const limit = now - options.keepAliveMs;
      for (let link = idle.pop(); link !== undefined; link = idle.pop()) {
        if (link.idleSince < limit || !link.isUsable) link.close();
        else {
          link.lend(user);
          return link;
        }
      }
      const link = open(false);
      link.lend(user);
      return link;
    },
    close() {
      closed = true;
      clearInterval(sweeper);
      for (const link of idle.splice(0)) link.close();
    },
  };
}
