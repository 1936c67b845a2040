// The complete lane of one entry point: a Fastify instance with @fastify/http-proxy on a single route, which takes every
// method and path. Fastify parses no body and routes nothing by itself: rules do.

import { type IncomingMessage, METHODS, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import httpProxy from '@fastify/http-proxy';
import fastify from 'fastify';
import { spreadOverTurns } from '../../../lib/spread-over-turns.ts';
import type { EntryPoint } from '../../../model/startup.ts';
import { answerClientError } from '../answer-client-error.ts';
import { headLimitMs } from '../head-limit.ts';
import type { Lane, LaneCore } from '../lane.ts';
import { fail } from './fail.ts';
import { decorateRequests, findPassage } from './fastify-passage.ts';
import { type EarlyBytes, holdEarlyBytes } from './hold-early-bytes.ts';
import { PipelineGate } from './pipeline-gate.ts';
import { createProxyOptions } from './proxy-options.ts';

/** How often Node looks for connections that have run out of time. */
const checkIntervalMs = 1_000;

/** Requests that waited behind others on their connection, and begin in one turn of the event loop. */
const maxPipelinedPerTurn = 16;

/** Makes the lane. Its server listens nowhere: connections are brought to it. */
export async function createFastifyLane(entryPoint: EntryPoint, core: LaneCore): Promise<Lane> {
  const { readTimeoutMs } = entryPoint;
  // Node looks once in an interval, so that a limit is reached up to one interval late.
  const requestTimeout = Math.max(
    0,
    readTimeoutMs - (readTimeoutMs > 2 * checkIntervalMs ? checkIntervalMs : 0),
  );
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    forceCloseConnections: false,
    return503OnClosing: false,
    requestTimeout,
    keepAliveTimeout: entryPoint.idleTimeoutMs,
    connectionTimeout: 0,
    // The target may hold anything; Fastify's router would refuse what it cannot decode.
    rewriteUrl: () => '/',
    clientErrorHandler: (error, socket) => answerClientError(error, socket),
    http: {
      maxHeaderSize: entryPoint.maxHeaderBytes,
      headersTimeout: headLimitMs({ readTimeoutMs: requestTimeout }),
      connectionsCheckingInterval: checkIntervalMs,
      // Judged by decide, which answers in the client's language and logs.
      requireHostHeader: false,
      shouldUpgradeCallback: isUpgrade,
    },
  });
  // For Fastify no method has a body: that is how it leaves all of them alone.
  for (const method of METHODS) app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  decorateRequests(app);
  app.setErrorHandler((error, request) => {
    const passage = findPassage(request);
    if (passage !== null) fail(passage, error);
    else {
      core.log.error({ err: error }, 'A request could not be read.');
      request.raw.socket.destroy();
    }
  });
  const earlyBytes = new WeakMap<IncomingMessage, EarlyBytes>();
  await app.register(httpProxy, createProxyOptions(core, earlyBytes));
  await app.ready();

  const { server } = app;
  // 0 is no limit. Node drops fields beyond it in silence, 2000 by default; decide counts them instead.
  server.maxHeadersCount = 0;
  const inTurns = spreadOverTurns(maxPipelinedPerTurn);
  const gates = new WeakMap<Socket, PipelineGate>();
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) =>
    gates.get(request.socket)?.admit(request, response),
  );
  const again = (request: IncomingMessage, response: ServerResponse): void => {
    server.emit('request', request, response);
  };
  // 100 is sent when the upstream wants the body, other expectations are answered by decide.
  server.on('checkContinue', again).on('checkExpectation', again);
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const response = toDetached(core, request, socket);
    if (response === undefined) return;
    const rest = gates.get(socket)?.leave();
    earlyBytes.set(request, holdEarlyBytes(socket, rest === undefined ? head : Buffer.concat([head, rest])));
    app.routing(request, response);
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    const response = toDetached(core, request, socket);
    if (response !== undefined) app.routing(request, response);
  });
  // Node looks after the time limits of its connections only once it listens, which this server never does: without
  // this no slow head would ever be cut (threats.md, pitfall 1).
  server.emit('listening');
  return {
    accept(socket, first) {
      if (first !== undefined) socket.unshift(first);
      server.emit('connection', socket);
      const connection = core.connections.of(socket);
      const { endings } = connection;
      gates.set(socket, new PipelineGate(socket, connection, app.routing, inTurns));
      socket.once('end', () => {
        for (const ending of endings) ending.onLeave();
      });
      // On the next tick, when Node's parser has taken the socket.
      process.nextTick(resume, socket);
    },
    close: () => app.close(),
  };
}

function resume(socket: Socket): void {
  socket.resume();
}

/**
 * Whether an Upgrade field is obeyed. Not to another version of HTTP, which would be a way around every rule (h2c
 * smuggling), and not with a body, whose bytes would be taken for those of the tunnel.
 */
function isUpgrade(request: IncomingMessage): boolean {
  const protocol = (request.headers.upgrade ?? '').trim().toLowerCase();
  const { headers } = request;
  if (request.httpVersionMinor === 0 || protocol === '') return false;
  if (/^(?:h2|http|tls)/.test(protocol) || /[^\w.+/-]/.test(protocol)) return false;
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
}

/**
 * The response to a request for a tunnel: Node has taken its parser off the socket, so that it is the last one there.
 * undefined when the socket cannot take it, and is closed.
 */
function toDetached(core: LaneCore, request: IncomingMessage, socket: Socket): ServerResponse | undefined {
  socket.on('error', () => socket.destroy());
  // An answer to an earlier, pipelined request is still being written, or Node has given the socket to the response of
  // one that is not served any more: two writers would mix their bytes.
  const { underWay, isGivenUp } = core.connections.of(socket);
  const isTaken = ((socket as { _httpMessage?: unknown })._httpMessage ?? null) !== null;
  if (underWay > 0 || isGivenUp || isTaken) {
    socket.destroy();
    return undefined;
  }
  socket.setTimeout(0);
  const response = new ServerResponse(request);
  response.assignSocket(socket);
  response.shouldKeepAlive = false;
  response.once('finish', () => socket.destroySoon());
  return response;
}
