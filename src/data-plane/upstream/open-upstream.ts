// Connections to one origin: which protocol is spoken there follows from its scheme, and for https from what the server
// offers.
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { GatewayError } from '../../model/errors.ts';
import { defaultTransport, type Transport, type Upstream } from '../live-state/upstream.ts';
import type { OpenSocket } from './http2/http2-link.ts';
import { openHttp2Upstream } from './http2/open-http2-upstream.ts';
import { openHttp1Upstream } from './open-http1-upstream.ts';
import { toTlsOptions } from './tls-options.ts';
import { toGatewayError } from './to-gateway-error.ts';

/** Node's timers take no longer ones. */
const longestTimerMs = 2 ** 31 - 1;
/** When a connection on which nothing moves is asked whether anybody is there. */
const keepAliveProbeMs = 10_000;

/**
 * Makes the connections of an origin `http://host:port`, `https://…` or `h2c://…` as they are needed. @throws when a
 * certificate of the transport is faulty.
 */
export function openUpstream(origin: string, transport: Partial<Transport> = {}): Upstream {
  const given = { ...defaultTransport, ...transport };
  const options = { ...given, connectTimeoutMs: Math.min(given.connectTimeoutMs, longestTimerMs) };
  switch (new URL(origin).protocol) {
    case 'http:':
      return openHttp1Upstream(origin, options);
    case 'https:':
      return openTlsUpstream(origin, options);
    case 'h2c:':
      return openH2cUpstream(origin, options);
    default:
      return unsupported();
  }
}

function openH2cUpstream(origin: string, { connectTimeoutMs, http2IdleMs }: Transport): Upstream {
  const target = targetOf(origin, 80);
  const openSocket: OpenSocket = (then) => {
    const socket = connectTcp(target);
    const onError = (error: Error): void => then(toGatewayError(error, 'connecting'));
    socket.once('error', onError).once('connect', () => {
      socket.off('error', onError);
      then(socket);
    });
    return socket;
  };
  const http = origin.replace(/^h2c:/i, 'http:');
  return openHttp2Upstream({ origin: http, connectTimeoutMs, idleMs: http2IdleMs, openSocket });
}

/**
 * ALPN decides (RFC 7301), as in Traefik, and is asked once. A lane that writes HTTP/1.1 by itself does without, and so
 * do upgrades, which few servers take over HTTP/2.
 */
function openTlsUpstream(origin: string, options: Transport): Upstream {
  const target = targetOf(origin, 443);
  const tls = toTlsOptions(target.host, options.tls);
  const http1 = openHttp1Upstream(origin, options);
  let isHttp1 = false;
  const openSocket: OpenSocket = (then) => {
    const socket = connectTls({ ...target, ...tls, ALPNProtocols: ['h2', 'http/1.1'] });
    const onError = (error: Error): void => then(toGatewayError(error, 'connecting'));
    socket.once('error', onError).once('secureConnect', () => {
      socket.off('error', onError);
      if (socket.alpnProtocol === 'h2') {
        then(socket);
        return;
      }
      isHttp1 = true;
      socket.on('error', () => {}).destroy();
      then(new GatewayError('upstream-protocol'));
    });
    return socket;
  };
  const { connectTimeoutMs, http2IdleMs } = options;
  const http2 = openHttp2Upstream({
    ...{ origin, connectTimeoutMs, idleMs: http2IdleMs, openSocket },
    takeOver(_error, requests) {
      if (!isHttp1) return false;
      for (const request of requests) request.delegate = http1.send(request.request, request.handler);
      return true;
    },
  });
  return {
    send: (request, handler) =>
      (isHttp1 || request.upgrade !== undefined ? http1 : http2).send(request, handler),
    wire: http1.wire,
    close() {
      http1.close();
      http2.close();
    },
  };
}

function targetOf(origin: string, defaultPort: number) {
  const { hostname, port } = new URL(origin);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? defaultPort : Number(port),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveProbeMs,
  };
}

/** An origin that cannot be spoken to: every request fails with the reason. */
function unsupported(): Upstream {
  return {
    send(_request, handler) {
      const reason = 'Berth does not speak the scheme of this server.';
      queueMicrotask(() => handler.onError(new GatewayError('upstream-protocol', { reason })));
      return { reused: false, resume: () => {}, abort: () => {} };
    },
    wire: undefined,
    close: () => {},
  };
}
