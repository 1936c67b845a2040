import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  grpcStatusOf,
  isGrpc,
  rescueGrpc,
  toGrpcMessage,
} from '../../../../src/data-plane/exchange/rescue-grpc.ts';
import { fieldOf } from '../../../../src/lib/header-fields.ts';
import { type FaultCode, faults, GatewayError } from '../../../../src/model/errors.ts';

test('content types of gRPC', () => {
  for (const type of ['application/grpc', 'application/grpc+proto', 'Application/gRPC;x=y'])
    assert.ok(isGrpc(type));
  for (const type of [
    undefined,
    '',
    'application/json',
    'text/grpc',
    'application/grpc-web',
    'application/grpcx',
  ]) {
    assert.ok(!isGrpc(type), String(type));
  }
});

test('faults have the status that clients of gRPC act on', () => {
  const expected: { readonly [C in FaultCode]?: number } = {
    'no-router': 12,
    'no-server': 14,
    'upstream-unreachable': 14,
    'upstream-connect-timeout': 14,
    'upstream-protocol': 13,
    'request-timeout': 4,
    'client-closed': 1,
    'head-too-large': 8,
    internal: 13,
  };
  for (const [code, status] of Object.entries(expected))
    assert.equal(grpcStatusOf(code as FaultCode), status, code);
  for (const code of Object.keys(faults)) assert.ok(grpcStatusOf(code as FaultCode) > 0, code);
});

test('the answer is trailers only, and tells nothing of an unknown error', () => {
  const { status, fields, body } = rescueGrpc(new Error('secret'), 'id-1');
  assert.equal(status, 200);
  assert.equal(body, '');
  assert.equal(fieldOf(fields, 'grpc-status'), '13');
  assert.equal(fieldOf(fields, 'x-request-id'), 'id-1');
  assert.doesNotMatch(fields.join(), /secret/);
  const pushback = rescueGrpc(new GatewayError('not-configured', { retryAfterMs: 1_000 }), 'id-1');
  assert.equal(fieldOf(pushback.fields, 'grpc-retry-pushback-ms'), '1000');
});

test('messages are escaped as gRPC wants them', () => {
  assert.equal(toGrpcMessage('plain, with 100% of é\n'), 'plain, with 100%25 of %C3%A9%0A');
});
