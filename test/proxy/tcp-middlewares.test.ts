// Middlewares of TCP routers: whom they refuse is closed before a replica hears of it, and no count is lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateway } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

const tcp = (port: number): string => `tcp://127.0.0.1:${port}`;

test('inFlightConn closes one connection too many, and lets the next one in when another has ended', async () => {
  await using db = await scriptedUpstream(({ send }) => send('hello'));
  await using web = await gateway()
    .tcpService('t', [tcp(db.port)])
    .tcpMiddleware('two', { kind: 'inFlightConn', options: { amount: 2 } })
    .tcpRouter('r', { middlewares: ['two'] })
    .start();
  const [one, two] = [await rawClient(web.port), await rawClient(web.port)];
  await Promise.all([one.sees('hello'), two.sees('hello')]);
  using third = await rawClient(web.port);
  assert.equal(await third.ended(), '');
  one.socket.destroy();
  await until('another one is let in', async () => {
    using next = await rawClient(web.port);
    await until('a greeting or the end', () => next.received === 'hello' || next.isClosed);
    return next.received === 'hello';
  });
  two.socket.destroy();
  await web.quiet();
});

test('a limit outlives a change elsewhere', async () => {
  await using db = await scriptedUpstream(({ send }) => send('hello'));
  const draft = () =>
    gateway()
      .tcpService('t', [tcp(db.port)])
      .tcpMiddleware('one', { kind: 'inFlightConn', options: { amount: 1 } })
      .tcpRouter('r', { middlewares: ['one'] });
  await using web = await draft().start();
  using first = await rawClient(web.port);
  await first.sees('hello');
  web.apply(draft().tcpMiddleware('other', { kind: 'ipAllowList', options: { sourceRange: ['::1'] } }));
  using second = await rawClient(web.port);
  assert.equal(await second.ended(), '');
});

test('ipAllowList refuses strangers without a word, and a changed one counts from the next connection on', async () => {
  await using db = await scriptedUpstream(({ send }) => send('hello'));
  const allowing = (range: string) =>
    gateway()
      .tcpService('t', [tcp(db.port)])
      .tcpMiddleware('allow', { kind: 'ipAllowList', options: { sourceRange: [range] } })
      .tcpRouter('r', { middlewares: ['allow'] });
  await using web = await allowing('192.0.2.0/24').start();
  using stranger = await rawClient(web.port);
  assert.equal(await stranger.ended(), '');
  web.apply(allowing('127.0.0.0/8'));
  using friend = await rawClient(web.port);
  await friend.sees('hello');
  assert.equal(db.connections.length, 1);
});

test('a middleware that is not there lets nobody in', async () => {
  await using db = await scriptedUpstream(({ send }) => send('hello'));
  await using web = await gateway()
    .tcpService('t', [tcp(db.port)])
    .tcpRouter('r', { middlewares: ['gone'] })
    .start();
  using client = await rawClient(web.port);
  assert.equal(await client.ended(), '');
});
