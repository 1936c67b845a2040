import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRequestHead } from '../../../../../src/data-plane/lanes/http2/request-head.ts';

const origin = { clientAddress: '192.0.2.1', clientPort: 1, isTls: true, hasBody: false };
const plain = [':method', 'GET', ':scheme', 'https', ':authority', 'a.test', ':path', '/x?y'];

function read(...fields: readonly string[]) {
  return readRequestHead([...plain, ...fields], origin, () => 'key');
}

test('pseudo-fields become method, target and Host; the rest stays in its order', () => {
  const { head, fault } = read('accept', '*/*', 'x-a', '1');
  assert.equal(fault, undefined);
  assert.deepEqual(head, {
    ...origin,
    method: 'GET',
    target: '/x?y',
    httpVersion: '2.0',
    rawHeaders: ['host', 'a.test', 'accept', '*/*', 'x-a', '1'],
    canUpgrade: false,
  });
});

test('cookie crumbs become one field', () => {
  const { head } = read('cookie', 'a=1', 'x-a', '1', 'cookie', 'b=2', 'cookie', 'c=3');
  assert.deepEqual(head.rawHeaders.slice(2), ['x-a', '1', 'cookie', 'a=1; b=2; c=3']);
});

test('Host stands in for the authority, agrees with it, or the request is refused', () => {
  const withoutAuthority = [':method', 'GET', ':scheme', 'https', ':path', '/'];
  const byHost = readRequestHead([...withoutAuthority, 'host', 'b.test'], origin, () => 'key');
  assert.deepEqual(byHost.head.rawHeaders, ['host', 'b.test']);
  assert.equal(byHost.fault, undefined);
  assert.deepEqual(readRequestHead(withoutAuthority, origin, () => 'key').head.rawHeaders, []);
  assert.equal(read('host', 'A.TEST').fault, undefined);
  assert.equal(read('host', 'b.test').fault, 'bad-host');
  assert.equal(read('host', 'a.test', 'host', 'a.test').fault, 'bad-host');
});

test('fields of an HTTP/1.1 connection are refused, and never passed on', () => {
  for (const name of [
    'connection',
    'keep-alive',
    'proxy-connection',
    'transfer-encoding',
    'upgrade',
    'http2-settings',
  ]) {
    const { head, fault } = read(name, 'chunked');
    assert.equal(fault, 'bad-request', name);
    assert.ok(!head.rawHeaders.includes(name));
  }
  assert.equal(read('te', 'gzip').fault, 'bad-request');
  assert.equal(read('te', 'trailers').fault, undefined);
});

test('unknown pseudo-fields, schemes and targets are refused', () => {
  assert.equal(read(':custom', 'x').fault, 'bad-request');
  for (const [scheme, path] of [
    ['ftp', '/'],
    ['https', 'x'],
    ['https', ''],
    ['https', 'https://b.test/'],
  ] as const) {
    const block = [':method', 'GET', ':scheme', scheme, ':path', path, ':authority', 'a.test'];
    assert.equal(readRequestHead(block, origin, () => 'key').fault, 'bad-request', `${scheme} ${path}`);
  }
});

test('an extended CONNECT for a WebSocket reads as the upgrade it stands for, with the key of the gateway', () => {
  const block = [
    ...[
      ':method',
      'CONNECT',
      ':protocol',
      'websocket',
      ':scheme',
      'https',
      ':path',
      '/ws',
      ':authority',
      'a.test',
    ],
    ...['sec-websocket-key', 'of-the-client', 'sec-websocket-version', '13'],
  ];
  const { head, fault, webSocketKey } = readRequestHead(block, { ...origin, hasBody: true }, () => 'key');
  assert.equal(fault, undefined);
  assert.equal(webSocketKey, 'key');
  assert.deepEqual([head.method, head.target, head.hasBody, head.canUpgrade], ['GET', '/ws', false, true]);
  assert.deepEqual(head.rawHeaders.slice(2), [
    ...['sec-websocket-version', '13', 'upgrade', 'websocket', 'sec-websocket-key', 'key'],
  ]);
});
