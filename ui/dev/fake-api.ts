// Answers the API from a recording, with the gateway's own paging, search and event stream, so that the dashboard can
// be developed and tested without a gateway.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayEvent } from '../../src/model/view.ts';
import { overviewOf, type Recording } from './recorded.ts';
import { recordedExplanation } from './recorded-explanation.ts';

/** `handle` says whether the request was one of the API's; `recording` may be changed at any time. */
export type FakeApi = {
  readonly recording: Recording;
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Sends one event to all open streams. */
  emit(event: GatewayEvent): void;
};

/** Serves `/api/…` from the recording. */
export function createFakeApi(recording: Recording): FakeApi {
  const streams = new Set<ServerResponse>();
  let lastId = 0;

  const openStream = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    // The gateway begins each stream so: whoever was away asks for everything anew.
    response.write(
      format({ type: 'config', at: new Date().toISOString(), version: recording.configVersion }),
    );
    streams.add(response);
    response.on('close', () => streams.delete(response));
  };

  const format = (event: GatewayEvent) =>
    `event: ${event.type}\nid: ${lastId}\ndata: ${JSON.stringify(event)}\n\n`;

  return {
    recording,
    handle: (request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      if (!url.pathname.startsWith('/api/')) return false;
      if (url.pathname === '/api/events') openStream(response);
      else answer(recording, url, response);
      return true;
    },
    emit: (event) => {
      lastId += 1;
      for (const stream of streams) stream.write(format(event));
    },
  };
}

function answer(recording: Recording, url: URL, response: ServerResponse): void {
  const [, , first = '', kind, name] = url.pathname.split('/').map(decodeURIComponent);
  const isList = kind === 'routers' || kind === 'services' || kind === 'middlewares';
  if (first === 'http' && isList && name === undefined) {
    sendPage(listOf(recording, kind), url.searchParams, response);
  } else if (first === 'http' && isList) {
    send(
      response,
      listOf(recording, kind).find((one) => one.name === name),
    );
  } else {
    send(response, single(recording, first));
  }
}

function single(recording: Recording, name: string): unknown {
  switch (name) {
    case 'overview':
      return overviewOf(recording);
    case 'version':
      return recording.version;
    case 'entrypoints':
      return recording.entryPoints;
    case 'diagnostics':
      return recording.diagnostics;
    case 'explain':
      return recordedExplanation;
    case 'replicas':
      return recording.replicas;
    default:
      return undefined;
  }
}

type Row = { readonly name: string; readonly status: string; readonly rule?: string };

function listOf(recording: Recording, kind: 'routers' | 'services' | 'middlewares'): readonly Row[] {
  if (kind !== 'services') return recording[kind];
  return recording.services.map((service) => ({
    ...service,
    replicas: recording.replicas.filter((one) => one.service === service.name),
  }));
}

function sendPage(list: readonly Row[], query: URLSearchParams, response: ServerResponse): void {
  const page = Number(query.get('page') ?? 1);
  const perPage = Number(query.get('per_page') ?? 100);
  const search = (query.get('search') ?? '').toLowerCase();
  const status = query.get('status');
  const found = list
    .filter((one) => !status || one.status === status)
    .filter((one) => `${one.name} ${one.rule ?? ''}`.toLowerCase().includes(search));
  const end = page * perPage;
  response.setHeader('x-next-page', end < found.length ? page + 1 : 1);
  send(response, found.slice(end - perPage, end));
}

function send(response: ServerResponse, body: unknown): void {
  const status = body === undefined ? 404 : 200;
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body ?? { message: 'not found' }));
}
