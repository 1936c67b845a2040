// Connections to one origin, made of undici's Client: one for each connection, so that it is known whether a connection
// had served before (which decides on retries), and the next free one is found at once. undici's own Pool searches all
// of its clients for each request and tells neither.
import type { buildConnector } from 'undici';
import type { Transport, Upstream } from '../live-state/upstream.ts';
import { loadUndici } from './load-undici.ts';
import { type Seat, sendOn } from './send-on.ts';
import { toTlsOptions } from './tls-options.ts';
import { openWireUpstream } from './wire/open-wire-upstream.ts';

/** undici's own limit is a number for a timer of Node. */
const longestKeepAliveMs = 2 ** 31 - 1;

/** Largest head of a response. Node's 16 KiB is little for cookies and policies of some applications. */
const maxResponseHeadBytes = 256 * 1024;

/** Makes the HTTP/1.1 connections of an origin `http://host:port` or `https://host:port` as they are needed. */
export function openHttp1Upstream(origin: string, options: Transport): Upstream {
  const { hostname } = new URL(origin);
  const wire = openWireUpstream(origin, options);
  /** The one used last stands last and is used next: the others grow old and close. */
  const idle: Seat[] = [];
  let connect: buildConnector.connector | undefined;
  let closed = false;

  function createSeat(): Seat {
    const { Client } = loadUndici();
    connect ??= createConnector(hostname, options);
    const client = new Client(origin, {
      pipelining: 1,
      keepAliveTimeout: Math.min(options.keepAliveMs, longestKeepAliveMs),
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: maxResponseHeadBytes,
      connect,
    });
    const seat: Seat = { client, served: false, state: 'busy' };
    client.on('disconnect', () => {
      seat.served = false;
      if (seat.state === 'idle') discard(seat);
    });
    return seat;
  }

  /** The newest idle connection that has not been closed meanwhile. */
  function takeSeat(): Seat {
    for (let seat = idle.pop(); seat !== undefined; seat = idle.pop()) {
      if (seat.state !== 'idle') continue;
      seat.state = 'busy';
      return seat;
    }
    return createSeat();
  }

  function giveBack(seat: Seat): void {
    if (closed || idle.length >= options.maxIdle) {
      discard(seat);
      return;
    }
    seat.state = 'idle';
    idle.push(seat);
  }

  return {
    send: (request, handler) => sendOn(takeSeat(), request, handler, { hostname, giveBack, discard }),
    wire,
    close() {
      closed = true;
      wire.close();
      for (const seat of idle.splice(0)) discard(seat);
    },
  };
}

function discard(seat: Seat): void {
  if (seat.state === 'gone') return;
  seat.state = 'gone';
  void seat.client.destroy();
}

/**
 * TLS is spoken with the name (or address) of the origin. undici would take it from the Host field, so that a client
 * could choose which certificate is asked for, and connections would be closed whenever the Host changes.
 */
function createConnector(hostname: string, { connectTimeoutMs, tls }: Transport): buildConnector.connector {
  const { servername, ...more } = toTlsOptions(hostname.replace(/^\[|\]$/g, ''), tls);
  const connect = loadUndici().buildConnector({ timeout: connectTimeoutMs, ...more });
  return (options, callback) => connect({ ...options, servername }, callback);
}
