// What every middleware keeps to, whatever its kind. Implementations only call it, with options that do something.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CircuitBreaker } from '../../src/data-plane/live-state/circuit-breaker.ts';
import { createLimits } from '../../src/data-plane/live-state/limits.ts';
import type { Upstream } from '../../src/data-plane/live-state/upstream.ts';
import { compileMiddleware } from '../../src/data-plane/middlewares/compile-middleware.ts';
import { type Answer, endExchange } from '../../src/data-plane/middlewares/exchange.ts';
import { createWeakValues } from '../../src/lib/weak-values.ts';
import type { MiddlewareOptions } from '../../src/model/middlewares/catalog.ts';
import { type HeadDraft, makeExchange } from '../unit/data-plane/make-exchange.ts';

const io = {
  limits: createLimits(undefined, 0),
  readFile: (): string => {
    throw new Error('No file is named.');
  },
  breakers: createWeakValues<CircuitBreaker>(),
  pem: (): string => {
    throw new Error('No certificate is named.');
  },
  openUpstream: (origin: string) => answeringUpstream(origin),
};

/** A server that answers by the status that its name begins with. */
function answeringUpstream(origin: string): Upstream {
  const status = Number(new URL(origin).hostname.split('.')[0]);
  return {
    send(_request, handler) {
      queueMicrotask(() => {
        handler.onHead(status, ['X-Auth', 'yes', 'Set-Cookie', 'session=1', 'Content-Length', '2']);
        handler.onData(Buffer.from('ok'));
        handler.onEnd([]);
      });
      return { reused: false, resume: () => {}, abort: () => {} };
    },
    wire: undefined,
    close: () => {},
  };
}

/** The others do nothing themselves. */
export type RunningOptions = Exclude<MiddlewareOptions, { kind: 'chain' | 'encodedCharacters' }>;

function compile(options: RunningOptions) {
  const common = {
    name: 'm@docker',
    provider: 'docker',
    status: 'enabled',
    errors: [],
    origins: [],
  } as const;
  return compileMiddleware({ ...common, ...options }, io);
}

/** Registers the tests of one middleware. The requests should take its different ways. */
export function middlewareContract(options: RunningOptions, requests: readonly HeadDraft[]): void {
  const { kind } = options;
  /** Everything about an exchange but what is new each time. */
  const judge = async (handler: ReturnType<typeof compile>, request: HeadDraft) => {
    const exchange = makeExchange({ ...request, fields: { 'X-Request-Id': 'same', ...request.fields } });
    const answer = await handler(exchange);
    const response = { fields: ['Content-Type', 'text/plain'] };
    for (const rewrite of exchange.responseRewrites) rewrite(exchange, response);
    endExchange(exchange, 200);
    const { path, query, host, fields } = exchange;
    return structuredClone({ path, query, host, fields, answer: toPlain(answer), response });
  };

  test(`${kind}: the same request is judged the same way each time`, async () => {
    const handler = compile(options);
    for (const request of requests) {
      const first = await judge(handler, request);
      for (const other of requests) await judge(handler, other);
      assert.deepEqual(await judge(handler, request), first);
      assert.deepEqual(await judge(compile(options), request), first);
    }
  });

  test(`${kind}: an answer may be changed by whoever gets it, without a trace`, async () => {
    const handler = compile(options);
    for (const request of requests) {
      const answer = await handler(makeExchange(request));
      const before = toPlain(answer);
      answer?.fields.push('X-Changed', '1');
      assert.deepEqual(toPlain(await handler(makeExchange(request))), before);
    }
  });

  test(`${kind}: leaves a path that is a path, and names with values`, async () => {
    const handler = compile(options);
    for (const request of requests) {
      const { path, fields } = await judge(handler, request);
      assert.ok(path.startsWith('/'), path);
      assert.equal(fields.length % 2, 0);
    }
  });

  test(`${kind}: its options are not changed`, async () => {
    const before = structuredClone(options);
    const handler = compile(options);
    for (const request of requests) await judge(handler, request);
    assert.deepEqual(options, before);
  });
}

/** A copy of an answer; bytes are text in it. */
function toPlain(answer: Answer | undefined) {
  if (answer === undefined) return undefined;
  // A nonce is another one each time.
  const fields = answer.fields.map((text) => text.replace(/nonce="[^"]*"/, 'nonce=""'));
  return { ...answer, fields, body: answer.body.toString() };
}
