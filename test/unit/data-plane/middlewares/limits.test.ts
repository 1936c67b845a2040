// inFlightReq and rateLimit: whom they count for, and what they answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bucket, createLimits } from '../../../../src/data-plane/live-state/limits.ts';
import { endExchange } from '../../../../src/data-plane/middlewares/exchange.ts';
import { compileInFlightReq } from '../../../../src/data-plane/middlewares/in-flight-req/compile-in-flight-req.ts';
import { compileRateLimit } from '../../../../src/data-plane/middlewares/rate-limit/compile-rate-limit.ts';
import { fieldOf } from '../../../../src/lib/header-fields.ts';
import type { RateLimitOptions } from '../../../../src/model/middlewares/rate-limit.ts';
import { makeExchange } from '../make-exchange.ts';

test('inFlightReq counts by host, or by what is set, until the request is over', () => {
  const limits = createLimits(undefined, 0);
  const byHost = compileInFlightReq({ amount: 1 }, { limits }, 'by host');
  const exchange = makeExchange({ host: 'a.test' });
  assert.equal(byHost(exchange), undefined);
  const refused = byHost(makeExchange({ host: 'a.test', clientAddress: '::1' }));
  assert.ok(refused !== undefined && !(refused instanceof Promise));
  assert.equal(refused.status, 429);
  assert.equal(byHost(makeExchange({ host: 'b.test' })), undefined);
  endExchange(exchange, 200);
  endExchange(exchange, 200);
  assert.equal(byHost(makeExchange({ host: 'a.test' })), undefined);
  assert.notEqual(byHost(makeExchange({ host: 'a.test' })), undefined);

  const sourceCriterion = { requestHeaderName: 'X-Key' };
  const byKey = compileInFlightReq({ amount: 1, sourceCriterion }, { limits }, 'by key');
  assert.equal(byKey(makeExchange({ fields: { 'x-key': '1' } })), undefined);
  assert.equal(byKey(makeExchange({ fields: { 'x-key': '2' } })), undefined);
  assert.notEqual(byKey(makeExchange({ fields: { 'x-key': '1' } })), undefined);
});

test('a request that is over before it is counted leaves no count behind', () => {
  const limits = createLimits(undefined, 0);
  const handler = compileInFlightReq({ amount: 1 }, { limits }, 'limit');
  for (let at = 0; at < 3; at += 1) {
    const exchange = makeExchange();
    endExchange(exchange, 200);
    assert.equal(handler(exchange), undefined);
  }
});

/** What a handler asks of its bucket, and what it answers to that delay. */
const ask = async (options: RateLimitOptions, delay = 0n) => {
  const asked: { source: string; bucket: Bucket }[] = [];
  const limits = {
    ...createLimits(undefined, 0),
    take: (_limit: string, source: string, bucket: Bucket) => {
      asked.push({ source, bucket });
      return delay;
    },
  };
  const answer = await compileRateLimit(options, { limits }, 'limit')(makeExchange());
  return { asked: asked[0], answer };
};

const ms = 1_000_000n;

test('a bucket is filled and held as in Traefik', async () => {
  const cases: readonly (readonly [RateLimitOptions, Bucket | undefined])[] = [
    [{ average: 100 }, { interval: 10n * ms, burst: 1n, maxDelay: 5n * ms }],
    [
      { average: 1, burst: 5 },
      { interval: 1000n * ms, burst: 5n, maxDelay: 500n * ms },
    ],
    [
      { average: 6, period: 60_000, burst: 0 },
      { interval: 10_000n * ms, burst: 1n, maxDelay: 500n * ms },
    ],
    [
      { average: 3, period: 2_000 },
      { interval: 666_666_666n, burst: 1n, maxDelay: 500n * ms },
    ],
    [
      { average: 10, period: 0 },
      { interval: 100n * ms, burst: 1n, maxDelay: 50n * ms },
    ],
    [{ average: 0, burst: 1 }, undefined],
    [{}, undefined],
  ];
  for (const [options, bucket] of cases) {
    assert.deepEqual((await ask(options)).asked?.bucket, bucket, JSON.stringify(options));
  }
});

test('rateLimit counts by client address, or by what is set', async () => {
  assert.equal((await ask({ average: 1 })).asked?.source, '192.0.2.7');
  const byHost = { average: 1, sourceCriterion: { requestHost: true } };
  assert.equal((await ask(byHost)).asked?.source, 'example.com');
});

test('a short wait is waited, and a long one is told', async () => {
  assert.equal((await ask({ average: 1 }, 2n * ms)).answer, undefined);
  const { answer } = await ask({ average: 1 }, 1_001n * ms);
  assert.equal(answer?.status, 429);
  assert.equal(fieldOf(answer?.fields ?? [], 'retry-after'), '2');
  assert.equal(fieldOf(answer?.fields ?? [], 'x-retry-in'), '1.001s');
});
