// GET /api/events: the event feed as Server-Sent Events (HTML Living Standard §9.2). Each stream begins with a `config`
// event, so that a client that was away reads everything anew and no event has to be kept for it.
import type { ServerResponse } from 'node:http';
import type { GatewayEvent } from '../../model/view.ts';
import type { ApiSources } from './api-sources.ts';
import { createEventFeed } from './event-feed.ts';
import { toSafeJson } from './safe-json.ts';

/** The open streams. */
export type EventStreams = {
  /** Takes the response over. False when there are too many streams already. */
  readonly open: (response: ServerResponse, headers: Readonly<Record<string, string>>) => boolean;
  readonly close: () => void;
};

/** Keeps idle connections open through proxies, which commonly close them after 30 to 60 s. */
const heartbeatMs = 15_000;
/** A client that has this much unread is gone or hopeless; it reconnects and begins anew. */
const maxUnreadBytes = 1024 * 1024;
/** Each stream costs a socket and a copy of each event. A dashboard takes one. */
const maxStreams = 200;
/** How long a browser waits until it connects again. */
const retryMs = 1_000;

/** No stream is open yet. */
export function createEventStreams(sources: ApiSources): EventStreams {
  const feed = createEventFeed(sources);
  const open = new Set<ServerResponse>();

  return {
    open: (response, headers) => {
      if (open.size >= maxStreams) return false;
      open.add(response);
      response.writeHead(200, {
        ...headers,
        'content-type': 'text/event-stream; charset=utf-8',
        // nginx and others would collect the events otherwise.
        'x-accel-buffering': 'no',
      });
      const send = (text: string) => {
        response.write(text);
        if (response.writableLength > maxUnreadBytes) response.destroy();
      };
      const first: GatewayEvent = {
        type: 'config',
        at: new Date().toISOString(),
        version: sources.config().version,
      };
      send(`retry: ${retryMs}\n${format(first, feed.lastId())}`);
      const silence = feed.listen((event, id) => send(format(event, id)));
      const heartbeat = setInterval(send, heartbeatMs, ': still here\n\n').unref();
      response.on('error', () => {});
      response.on('close', () => {
        open.delete(response);
        clearInterval(heartbeat);
        silence();
      });
      return true;
    },
    close: () => {
      feed.close();
      for (const response of open) response.end();
    },
  };
}

/** JSON has no line ends, so one `data:` line holds it. */
function format(event: GatewayEvent, id: number): string {
  return `id: ${id}\nevent: ${event.type}\ndata: ${toSafeJson(event)}\n\n`;
}
