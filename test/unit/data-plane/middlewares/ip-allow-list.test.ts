import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileClientOf } from '../../../../src/data-plane/middlewares/client-of.ts';
import { compileIpAllowList } from '../../../../src/data-plane/middlewares/ip-allow-list/compile-ip-allow-list.ts';
import type { IpAllowListOptions } from '../../../../src/model/middlewares/ip-allow-list.ts';
import type { IpStrategyOptions } from '../../../../src/model/middlewares/ip-strategy.ts';
import { makeExchange } from '../make-exchange.ts';

/** A request of 192.0.2.7 with that X-Forwarded-For, as a trusted proxy in front has sent it. */
const request = (forwardedFor?: string, clientAddress = '192.0.2.7') => {
  const exchange = makeExchange({ clientAddress });
  if (forwardedFor !== undefined) exchange.fields.push('X-Forwarded-For', forwardedFor);
  return exchange;
};

const statusFor = (options: IpAllowListOptions, ...about: Parameters<typeof request>) => {
  const answer = compileIpAllowList(options)(request(...about));
  assert.ok(!(answer instanceof Promise), 'it does not wait');
  return answer?.status;
};

test('addresses and ranges are served, all others get 403 or what is set', () => {
  const sourceRange = ['192.0.2.7', '10.0.0.0/8', '2001:db8::/32', ' 198.51.100.0/24 '];
  const cases: readonly (readonly [string, number | undefined])[] = [
    ['192.0.2.7', undefined],
    ['192.0.2.8', 403],
    ['10.255.0.1', undefined],
    ['::ffff:10.0.0.1', undefined],
    ['11.0.0.1', 403],
    ['2001:db8:1::1', undefined],
    ['2001:db9::1', 403],
    ['198.51.100.9', undefined],
    ['', 403],
  ];
  for (const [address, status] of cases) {
    assert.equal(statusFor({ sourceRange }, undefined, address), status, address);
  }
  assert.equal(statusFor({ sourceRange, rejectStatusCode: 404 }, undefined, '1.2.3.4'), 404);
  assert.equal(statusFor({ sourceRange, rejectStatusCode: 0 }, undefined, '1.2.3.4'), 403);
});

test('the strategy says whose address counts', () => {
  const cases: readonly (readonly [IpStrategyOptions, string | undefined, string])[] = [
    [{}, '10.0.0.1', '192.0.2.7'],
    [{ depth: 1 }, '10.0.0.1, 10.0.0.2', '10.0.0.2'],
    [{ depth: 2 }, '10.0.0.1, 10.0.0.2', '10.0.0.1'],
    [{ depth: 3 }, '10.0.0.1, 10.0.0.2', ''],
    [{ depth: 1 }, undefined, ''],
    [{ excludedIPs: ['10.0.0.0/8'] }, '203.0.113.1, 10.0.0.2, ,10.0.0.3', '203.0.113.1'],
    [{ excludedIPs: ['10.0.0.0/8'] }, '10.0.0.2', ''],
    [{ excludedIPs: ['10.0.0.2'], depth: 1 }, '10.0.0.1, 10.0.0.2', '10.0.0.2'],
    [{ depth: 1, ipv6Subnet: 64 }, '2001:db8:1:2:3:4:5:6', '2001:db8:1:2:0:0:0:0'],
    [{ depth: 1, ipv6Subnet: 20 }, '2001:db8:1:2:3:4:5:6', '2001:0:0:0:0:0:0:0'],
    [{ depth: 1, ipv6Subnet: 64 }, '10.0.0.1', '10.0.0.1'],
  ];
  for (const [options, forwardedFor, address] of cases) {
    assert.equal(compileClientOf(options)(request(forwardedFor)), address, JSON.stringify(options));
  }
});

test('several fields are one list, so that a client cannot hide behind a field of its own', () => {
  const exchange = request('10.0.0.1');
  exchange.fields.push('x-forwarded-for', '203.0.113.9');
  assert.equal(compileClientOf({ depth: 1 })(exchange), '203.0.113.9');
});

test('a port behind the address in X-Forwarded-For does not count', () => {
  const options = { sourceRange: ['10.0.0.1', '::1'], ipStrategy: { depth: 1 } };
  assert.equal(statusFor(options, '10.0.0.1:4711'), undefined);
  assert.equal(statusFor(options, '[::1]:4711'), undefined);
  assert.equal(statusFor(options, '[::2]:4711'), 403);
});
