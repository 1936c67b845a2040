import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classOf, createFieldClassifier } from '../../../../src/data-plane/exchange/field-classes.ts';
import { mayRetry } from '../../../../src/data-plane/exchange/may-retry.ts';
import { toRequestId } from '../../../../src/data-plane/exchange/request-id.ts';
import { readTarget } from '../../../../src/data-plane/exchange/request-target.ts';
import { rescue } from '../../../../src/data-plane/exchange/rescue.ts';
import { compileTrust } from '../../../../src/data-plane/exchange/trusted-peers.ts';
import { forwardableResponseFields, forwardableTrailers } from '../../../../src/lib/forwardable-fields.ts';
import { fieldOf } from '../../../../src/lib/header-fields.ts';
import { type FaultCode, faults, GatewayError } from '../../../../src/model/errors.ts';
import { readExchange } from '../make-exchange.ts';

test('fields are classified whatever their spelling, aliases with underscores too', () => {
  const classify = createFieldClassifier();
  for (const name of [
    'X-Forwarded-Foo',
    'x_forwarded_for',
    'X-Forwarded_Proto',
    'X_REAL_IP',
    'X-Rewrite-URL',
  ]) {
    assert.equal(classify(name), 'forwarded', name);
    assert.equal(classify(name), 'forwarded', `${name}, known`);
  }
  for (const name of ['X_Own', 'constructor', '__proto__', 'Accept', 'toString'])
    assert.equal(classify(name), 'pass', name);
  assert.equal(classOf('keep_alive'), 'drop');
  assert.equal(classOf('host_'), 'pass');
});

test('a target is read in all of its forms', () => {
  assert.deepEqual(readTarget('/a?b?c'), { path: '/a', query: '?b?c' });
  assert.deepEqual(readTarget('HTTP://a.test:80'), { path: '/', query: '' });
  assert.deepEqual(readTarget('https://a.test?x'), { path: '/', query: '?x' });
  assert.deepEqual(readTarget('http://a/b//c'), { path: '/b//c', query: '' });
  for (const target of ['', '*', 'a:443', 'x', 'http:/a', '/x?#'])
    assert.throws(() => readTarget(target), GatewayError);
});

test('fields of the upstream’s connection and those that it names are dropped, framing is not', () => {
  const fields = [
    'Connection',
    'close, X-A, content-length',
    'X-A',
    '1',
    'x-b',
    '2',
    'Content-Length',
    '3',
    'TE',
    'x',
    'Trailer',
    'y',
  ];
  assert.deepEqual(forwardableResponseFields(fields, false), ['x-b', '2', 'Content-Length', '3']);
  assert.deepEqual(forwardableResponseFields(['Trailer', 'y'], true), ['Trailer', 'y']);
});

test('trailers that decide on a message are dropped', () => {
  assert.deepEqual(
    forwardableTrailers([
      'Grpc-Status',
      '0',
      'Content-Length',
      '1',
      'Set-Cookie',
      'a',
      'Transfer-Encoding',
      'x',
    ]),
    ['Grpc-Status', '0'],
  );
});

test('a harmless request id is kept', () => {
  assert.equal(toRequestId('a-B_9.:/+=@'), 'a-B_9.:/+=@');
  for (const id of [undefined, '', 'a b', 'a\nb', 'x'.repeat(129)])
    assert.match(toRequestId(id), /^[0-9a-f-]{36}$/);
});

test('a request is repeated only where that can do no harm', () => {
  const attempt = { method: 'GET', hasBody: false, answered: false, repeats: 0 };
  const may = (code: FaultCode, more = {}) => mayRetry(new GatewayError(code), { ...attempt, ...more });
  assert.equal(may('upstream-refused', { method: 'POST', hasBody: true }), true);
  assert.equal(may('upstream-refused', { answered: true }), false);
  assert.equal(may('upstream-reset'), true);
  assert.equal(may('upstream-reset', { repeats: 1 }), false);
  assert.equal(may('upstream-reset', { method: 'POST' }), false);
  assert.equal(may('upstream-reset', { hasBody: true }), false);
  assert.equal(may('upstream-reset', { repeats: 1 }), false);
  for (const [code, { retry }] of Object.entries(faults)) {
    if (retry === 'never') assert.equal(may(code as FaultCode), false, code);
  }
});

test('an error becomes an answer that hides its cause', () => {
  const error = new GatewayError('upstream-refused', { cause: new Error('10.0.0.9 said no') });
  for (const accept of ['', 'application/json', 'text/html']) {
    const answer = rescue(error, accept, 'id-1');
    assert.equal(answer.status, 502);
    assert.doesNotMatch(answer.body, /10\.0\.0\.9/);
    assert.match(answer.body, /id-1/);
  }
  const unknown = rescue(new TypeError('secret'), 'application/json', 'id-2');
  assert.equal(unknown.status, 500);
  assert.doesNotMatch(unknown.body, /secret/);
});

test('what others have written is escaped in pages, and Retry-After is whole seconds', () => {
  const answer = rescue(
    new GatewayError('no-router', { reason: '<img src=x>', retryAfterMs: 1_200 }),
    'text/html',
    '"><script>',
  );
  assert.doesNotMatch(answer.body, /<img|<script/);
  assert.equal(fieldOf(answer.fields, 'retry-after'), '2');
});

test('trust covers addresses and ranges of both families', () => {
  const isTrusted = compileTrust({
    insecure: false,
    trustedIPs: ['10.0.0.0/8', '192.0.2.1', 'fd00::/8', 'nonsense'],
  });
  for (const address of ['10.1.2.3', '192.0.2.1', 'fd00::1']) assert.equal(isTrusted(address), true, address);
  for (const address of ['11.0.0.1', '192.0.2.2', 'fe80::1', '', 'x'])
    assert.equal(isTrusted(address), false, address);
  assert.equal(compileTrust({ insecure: true, trustedIPs: [] })('anybody'), true);
});

test('the port of the request is that of the Host, else of the scheme', () => {
  const portFor = (host: string, more = {}) =>
    fieldOf(readExchange({ host, ...more }).fields, 'x-forwarded-port');
  assert.equal(portFor('a:8080'), '8080');
  assert.equal(portFor('a'), '80');
  assert.equal(portFor('[::1]'), '80');
  assert.equal(portFor('[::1]:81'), '81');
  assert.equal(portFor('a', { isTls: true }), '443');
});

test('hops are counted on', () => {
  const hops = (value: string) =>
    fieldOf(readExchange({ fields: { 'X-Berth-Hops': value } }).fields, 'x-berth-hops');
  assert.equal(hops('3'), '4');
  assert.equal(hops('-3'), '1');
  assert.equal(hops('nonsense'), '1');
});
