// One conversation through the wire lane and through the Fastify lane alone: the client gets the same bytes, and so does
// the replica, up to the differences of `normalise`, which docs/compatibility.md lists.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lanes } from '../../src/model/startup.ts';
import { type GatewayDraft, gateway, gatewayTo } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

type Case = {
  readonly name: string;
  /** What the client sends; the last answer closes the connection. */
  readonly sent: string;
  /** What the replica answers to each head. */
  readonly answer?: string;
  readonly draft?: (url: string) => GatewayDraft;
};

const closing = 'Host: example.com\r\nConnection: close\r\n';
const get = (target: string, fields = '') => `GET ${target} HTTP/1.1\r\n${closing}${fields}\r\n`;
const post = (fields: string, body: string) => `POST /p HTTP/1.1\r\n${closing}${fields}\r\n${body}`;

const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

const cases: readonly Case[] = [
  { name: 'a plain GET', sent: get('/a/b?c=d', 'X-Own: 1\r\nx-many: 1\r\nX-Many: 2\r\n') },
  { name: 'a path that is normalised', sent: get('/a//b/./c/../%7euser?x=../y') },
  {
    name: 'HEAD',
    sent: `HEAD / HTTP/1.1\r\n${closing}\r\n`,
    answer: 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n',
  },
  { name: 'OPTIONS and DELETE', sent: `OPTIONS /o HTTP/1.1\r\n${closing}\r\n` },
  { name: 'a body with a length', sent: post('Content-Length: 5\r\n', 'hello') },
  { name: 'a body in chunks', sent: post('Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\n\r\n') },
  { name: 'an empty body', sent: post('Content-Length: 0\r\n', '') },
  { name: 'GET with a body', sent: get('/', 'Content-Length: 2\r\n').concat('ab') },
  { name: 'two requests, the second closes', sent: `GET /1 HTTP/1.1\r\nHost: a\r\n\r\n${get('/2')}` },
  { name: 'a pipeline', sent: `${'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(3)}${get('/4')}` },
  {
    name: 'fields of the connection',
    sent: get('/', 'Keep-Alive: 1\r\nTE: trailers\r\nProxy: x\r\nX_Own: 1\r\n'),
  },
  {
    name: 'fields that Connection names',
    sent: `GET / HTTP/1.1\r\nHost: a\r\nConnection: close, x-b\r\nX-B: 1\r\n\r\n`,
  },
  {
    name: 'spoofed fields',
    sent: get('/', 'X-Forwarded-For: 1.2.3.4\r\nForwarded: for=x\r\nX-Real-Ip: 9\r\n'),
  },
  { name: 'a given request id', sent: get('/', 'X-Request-Id: mine-1\r\n') },
  { name: 'an answer in chunks', sent: get('/'), answer: `${chunked}3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n` },
  {
    name: 'trailers that are wanted',
    sent: get('/', 'TE: trailers\r\n'),
    answer: `${chunked.replace('\r\n\r\n', '\r\nTrailer: X-Sum\r\n\r\n')}1\r\na\r\n0\r\nX-Sum: 1\r\nSet-Cookie: a=b\r\n\r\n`,
  },
  {
    name: 'an answer that ends with its connection',
    sent: get('/'),
    answer: 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end',
  },
  { name: 'an HTTP/1.0 answer', sent: get('/'), answer: 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok' },
  {
    name: '204 with a length',
    sent: get('/'),
    answer: 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n',
  },
  {
    name: '304 with a length',
    sent: get('/'),
    answer: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nETag: "x"\r\n\r\n',
  },
  {
    name: 'an interim answer',
    sent: get('/'),
    answer: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok()}`,
  },
  {
    name: 'a status that nobody knows',
    sent: get('/'),
    answer: 'HTTP/1.1 799 Odd\r\nContent-Length: 0\r\n\r\n',
  },
  { name: 'an answer without a reason', sent: get('/'), answer: 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n' },
  {
    name: 'fields that the answer names',
    sent: get('/'),
    answer: ok('ok', 'Connection: x-secret\r\nX-Secret: 1\r\nX-Open: 2\r\n'),
  },
  {
    name: 'an answer with a date',
    sent: get('/'),
    answer: ok('ok', 'Date: Sat, 21 Nov 2026 12:00:00 GMT\r\n'),
  },
  { name: 'bytes above ASCII in an answer', sent: get('/'), answer: ok('ok', 'X-Name: caf\xe9\r\n') },
  {
    name: 'two lengths',
    sent: get('/'),
    answer: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok',
  },
  {
    name: 'a length and a coding',
    sent: get('/'),
    answer: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  },
  { name: 'an answer that is no HTTP', sent: get('/'), answer: 'SSH-2.0-OpenSSH_9.2\r\n' },
  { name: 'no router', sent: get('/'), draft: () => gateway() },
  {
    name: 'no replica',
    sent: get('/', 'Accept: application/json\r\n'),
    draft: () => gateway().service('s', []).router('r'),
  },
  { name: 'a replica that refuses', sent: get('/'), draft: () => gatewayTo('http://127.0.0.1:1') },
  { name: 'a path that is refused', sent: get('/x%2Fy', 'Accept: text/html\r\n') },
  { name: 'a bad host', sent: `GET / HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n` },
  {
    name: 'middlewares',
    sent: get('/api/x'),
    draft: (url) =>
      gateway()
        .service('s', [url])
        .middleware('strip', { kind: 'stripPrefix', options: { prefixes: ['/api'], forceSlash: true } })
        .middleware('add', { kind: 'addPrefix', options: { prefix: '/v1' } })
        .middleware('set', {
          kind: 'headers',
          options: { customRequestHeaders: { 'X-In': '1' }, customResponseHeaders: { 'X-Out': '2' } },
        })
        .router('r', { middlewares: ['strip', 'add', 'set'] }),
  },
];

/** What may differ: the time, made-up ids, the ports of connections. */
function normalise(bytes: string, upstreamPort: number): string {
  return bytes
    .replace(/^(Date: )(?!Sat, 21 Nov 2026).*\r$/gm, '$1now\r')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g, 'id')
    .replaceAll(String(upstreamPort), 'port');
}

/** undici moves the length to the end of a head, and does not use a connection again after HEAD. */
function normaliseUpstream(bytes: string): string {
  const lengths: string[] = [];
  const rest = bytes
    .replace(/^content-length: (\d+)\r\n/gim, (_line, length: string) => {
      lengths.push(length);
      return '';
    })
    .replace(/^(HEAD [^\n]*\n[^\n]*\nconnection: )close/gm, '$1keep-alive');
  return `${rest}\nlengths: ${lengths}`;
}

async function converse({ sent, answer = ok(), draft = gatewayTo }: Case, lanes: Lanes) {
  await using upstream = await scriptedUpstream((connection) => {
    answering(answer)(connection);
    if (answer.includes('Connection: close')) {
      connection.socket.on('data', () => connection.socket.end());
    }
  });
  await using web = await draft(upstream.url).lanes(lanes).start();
  using client = await rawClient(web.port);
  client.send(sent);
  await until('the connection is closed', () => client.isClosed);
  return {
    client: normalise(client.received, upstream.port),
    upstream: normaliseUpstream(normalise(upstream.received, upstream.port)),
  };
}

for (const each of cases) {
  test(each.name, async () => {
    const all = await converse(each, 'all');
    const alone = await converse(each, 'fastify');
    assert.notEqual(all.client, '');
    assert.deepEqual(all, alone);
  });
}
