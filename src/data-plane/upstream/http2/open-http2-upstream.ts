// Connections of HTTP/2 to one origin. One carries many requests, so there is a second one only when the first has no
// room. Not undici's client for HTTP/2, which gives the end of a reset stream as a clean one.
import { GatewayError } from '../../../model/errors.ts';
import { createSessionParts } from '../../http2/session-options.ts';
import type { Upstream } from '../../live-state/upstream.ts';
import { Http2Link, type LinkListener, type LinkOptions, type OpenSocket } from './http2-link.ts';
import { Http2Request } from './http2-request.ts';

/** Connections to one replica; what finds no room on them waits. */
const maxLinks = 32;
/** Requests that wait for one connection before another one is opened beside it. */
const waitingPerLink = 100;
/** How often connections, and those that wait for one, are looked through; more often where less time is given. */
const maxSweepMs = 5_000;

/** How it is opened. */
export type Http2UpstreamOptions = Omit<LinkOptions, 'session'> & {
  readonly openSocket: OpenSocket;
  /** Called with an error of the connection and the requests that waited for it; true: they are taken over. */
  readonly takeOver?: (error: GatewayError, requests: readonly Http2Request[]) => boolean;
};

/** The connections of an origin; none is open yet. */
export function openHttp2Upstream(options: Http2UpstreamOptions): Upstream {
  const linkOptions: LinkOptions = { ...options, session: createSessionParts() };
  const links: Http2Link[] = [];
  let waiting: Http2Request[] = [];
  let sweeper: NodeJS.Timeout | undefined;
  let closed = false;

  const listener: LinkListener = {
    onRoom() {
      for (let link = withRoom(); link !== undefined && waiting.length > 0; link = withRoom()) {
        const request = waiting.shift();
        if (request !== undefined && !request.isAborted) link.start(request);
      }
      if (waiting.length > 0) connectMore();
      else if (closed) retireAll();
    },
    onGone(link, error) {
      links.splice(links.indexOf(link), 1);
      if (links.length === 0) {
        clearInterval(sweeper);
        sweeper = undefined;
      }
      if (waiting.length === 0) return;
      if (error === undefined || links.length > 0) connectMore();
      else {
        const stranded = waiting.filter(({ isAborted }) => !isAborted);
        waiting = [];
        if (options.takeOver?.(error, stranded) !== true) for (const request of stranded) request.fail(error);
      }
    },
  };

  /** The one in front is filled first: the others grow idle and close. */
  function withRoom(): Http2Link | undefined {
    for (let at = 0; at < links.length; at++) {
      const link = links[at];
      if (link?.hasRoom) return link;
    }
    return undefined;
  }

  function connectMore(): void {
    let room = 0;
    for (const { state } of links) if (state === 'connecting') room += waitingPerLink;
    if (waiting.length <= room || links.length >= maxLinks) return;
    links.push(new Http2Link(linkOptions, options.openSocket, listener));
    sweeper ??= setInterval(sweep, Math.min(maxSweepMs, options.connectTimeoutMs)).unref();
  }

  function sweep(): void {
    const now = performance.now();
    for (const link of [...links]) link.sweep(now);
    // A server may have connections and no room on any of them: waiting is limited like connecting.
    while (waiting[0] !== undefined && now - waiting[0].createdTick >= options.connectTimeoutMs) {
      waiting.shift()?.fail(new GatewayError('upstream-connect-timeout'));
    }
  }

  function retireAll(): void {
    for (const link of [...links]) link.retire();
  }

  return {
    send(outgoing, handler) {
      const request = new Http2Request(outgoing, handler);
      const link = withRoom();
      if (link !== undefined) link.start(request);
      else {
        waiting.push(request);
        connectMore();
      }
      return request;
    },
    wire: undefined,
    close() {
      closed = true;
      // What waits for a connection is served first.
      if (waiting.length === 0) retireAll();
    },
  };
}
