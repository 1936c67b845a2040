// TCP middlewares: who is let in, and that counts are given back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLimits } from '../../../../src/data-plane/live-state/limits.ts';
import {
  closedGate,
  compileTcpMiddleware,
  joinGates,
} from '../../../../src/data-plane/middlewares/tcp/compile-tcp-middleware.ts';
import { createSharedTable } from '../../../../src/lib/shared-table.ts';
import type { TcpMiddlewareOptions } from '../../../../src/model/tcp-middlewares.ts';

const shared = () => ({ table: createSharedTable(2, 64), secret: 's' });
const common = { provider: 'docker', status: 'enabled', errors: [], origins: [] } as const;

function gate(options: TcpMiddlewareOptions, limits = createLimits(shared(), 0), name = 'm') {
  return compileTcpMiddleware({ ...common, name, ...options }, limits);
}

const inFlight = (amount: number): TcpMiddlewareOptions => ({ kind: 'inFlightConn', options: { amount } });

test('inFlightConn counts each client for itself, over all workers', () => {
  const both = shared();
  const [one, other] = [0, 1].map((writer) => gate(inFlight(2), createLimits(both, writer)));
  const leave = one?.('192.0.2.1') ?? assert.fail();
  assert.ok(other?.('192.0.2.1'));
  assert.equal(one?.('192.0.2.1'), undefined);
  assert.equal(other?.('192.0.2.1'), undefined);
  assert.ok(one?.('192.0.2.2'));
  leave();
  assert.ok(other?.('192.0.2.1'));
});

test('inFlightConn without an amount lets nobody in, as in Traefik', () => {
  assert.equal(gate({ kind: 'inFlightConn', options: {} })('192.0.2.1'), undefined);
});

test('ipAllowList, by either of its names, lets in the clients of its ranges', () => {
  for (const kind of ['ipAllowList', 'ipWhiteList'] as const) {
    const allowed = gate({ kind, options: { sourceRange: ['10.0.0.0/8', '2001:db8::1'] } });
    for (const address of ['10.1.2.3', '2001:db8::1', '::ffff:10.0.0.1'])
      assert.ok(allowed(address), address);
    for (const address of ['11.0.0.1', '2001:db8::2', '']) assert.equal(allowed(address), undefined, address);
  }
});

test('a client that a later middleware refuses is not counted by the earlier ones', () => {
  const counted = gate(inFlight(1));
  assert.equal(joinGates([counted, closedGate])('192.0.2.1'), undefined);
  const leave = joinGates([counted])('192.0.2.1') ?? assert.fail();
  assert.equal(joinGates([counted])('192.0.2.1'), undefined);
  leave();
  assert.ok(joinGates([counted])('192.0.2.1'));
  assert.ok(joinGates([])('192.0.2.1'));
});
