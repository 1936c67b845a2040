// The request listener: which path and method does what, with FastAPI's answers for all others and its CORS.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { allowAnyOrigin, answerPreflight } from './cors.ts';
import { parseFault } from './faults.ts';
import { FormError } from './form.ts';
import { answerGenerate } from './generate.ts';
import { answerInference, INFERENCE_ENDPOINTS } from './inference.ts';
import { readJson } from './json-body.ts';
import { describeApi, docsPage } from './openapi.ts';
import { reply, replyJson, replyText } from './replies.ts';
import type { Replica } from './synthesis.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
/** By method, in the order in which they were declared: FastAPI's 405 names the first in `Allow`. */
type Route = Readonly<Record<string, Answer>>;

/** Answers every request of one replica; its name is in the header `X-Replica` of each answer. */
export function createSurface(replica: Replica): RequestListener {
  const routes = createRoutes(replica);
  return (request, response) => {
    response.setHeader('server', 'uvicorn');
    response.setHeader('x-replica', replica.name);
    // uvicorn keeps connections open without saying so; Node would promise a Keep-Alive time.
    response.removeHeader('connection');
    response.once('finish', () => {
      const who = `${request.socket.remoteAddress}:${request.socket.remotePort}`;
      console.log(`INFO: ${who} - "${request.method} ${request.url} HTTP/1.1" ${response.statusCode}`);
    });
    if (answerPreflight(request, response)) return;
    allowAnyOrigin(request, response);
    dispatch(routes, request, response).catch((error: unknown) => answerError(error, response));
  };
}

function createRoutes(replica: Replica): ReadonlyMap<string, Route> {
  const health: Route = { GET: (_request, response) => answerHealth(response, replica) };
  const openapi = describeApi(INFERENCE_ENDPOINTS);
  const docs = Buffer.from(docsPage(INFERENCE_ENDPOINTS));
  const sendOpenapi: Answer = (_request, response) => replyJson(response, 200, openapi);
  const sendDocs: Answer = (_request, response) => reply(response, 200, 'text/html; charset=utf-8', docs);
  const inference = INFERENCE_ENDPOINTS.map((endpoint): readonly [string, Route] => {
    const answer = counted(replica, (request, response) =>
      answerInference(endpoint, request, response, replica),
    );
    return [endpoint.path, { GET: answer, POST: answer }];
  });
  return new Map<string, Route>([
    ...inference,
    ['/generate', { POST: counted(replica, (...exchange) => answerGenerate(...exchange, replica)) }],
    ['/health', health],
    ['/healthz', health],
    // Starlette's own routes answer HEAD, FastAPI's do not.
    ['/openapi.json', { GET: sendOpenapi, HEAD: sendOpenapi }],
    ['/docs', { GET: sendDocs, HEAD: sendDocs }],
    // From here on test aids, which CosyVoice has not.
    ['/stats', { GET: (_request, response) => replyJson(response, 200, report(replica)) }],
    [
      '/control/fault',
      {
        GET: (_request, response) => replyJson(response, 200, replica.faults.current()),
        POST: (request, response) => setFault(request, response, replica),
      },
    ],
  ]);
}

async function dispatch(
  routes: ReadonlyMap<string, Route>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, search } = new URL(request.url ?? '/', 'http://replica');
  const route = routes.get(pathname);
  if (route === undefined) {
    request.resume();
    const bare = pathname.replace(/\/$/, '');
    if (bare !== pathname && routes.has(bare)) {
      const location = `http://${request.headers.host ?? ''}${bare}${search}`;
      response.writeHead(307, { location, 'content-length': 0 }).end();
    } else {
      replyJson(response, 404, { detail: 'Not Found' });
    }
    return;
  }
  const answer = route[request.method ?? ''];
  if (answer === undefined) {
    request.resume();
    response.setHeader('allow', Object.keys(route)[0] ?? '');
    replyJson(response, 405, { detail: 'Method Not Allowed' });
    return;
  }
  await answer(request, response);
}

function counted(replica: Replica, answer: Answer): Answer {
  return async (request, response) => {
    const end = replica.stats.begin();
    try {
      await answer(request, response);
    } finally {
      end();
    }
  };
}

function answerHealth(response: ServerResponse, replica: Replica): void {
  const { slots } = replica.settings;
  if (replica.faults.current().kind === 'unhealthy') replyJson(response, 503, { status: 'unhealthy', slots });
  else replyJson(response, 200, { status: 'ok', slots });
}

async function setFault(request: IncomingMessage, response: ServerResponse, replica: Replica): Promise<void> {
  const body = await readJson(request);
  try {
    replica.faults.set(parseFault(body));
    replyJson(response, 200, replica.faults.current());
  } catch (error) {
    replyJson(response, 422, { detail: error instanceof Error ? error.message : String(error) });
  }
}

function report(replica: Replica): object {
  const counts = replica.stats.counts();
  const { model, curve, slots } = replica.settings;
  const gpuSeconds = curve === 'none' ? counts.cpuSeconds : replica.gpu.busySeconds();
  const rssBytes = process.memoryUsage.rss();
  return {
    replica: replica.name,
    model,
    curve,
    slots,
    ...counts,
    gpuSeconds,
    rssBytes,
    uptimeSeconds: process.uptime(),
  };
}

function answerError(error: unknown, response: ServerResponse): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
  } else if (error instanceof FormError) {
    replyJson(response, 400, { detail: error.message });
  } else {
    console.error(error);
    replyText(response, 500, 'Internal Server Error');
  }
}
