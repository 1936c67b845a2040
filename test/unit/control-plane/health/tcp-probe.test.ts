// Health checks of TCP servers: to connect is enough, or what is said must be answered as it should.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHealthChecker } from '../../../../src/control-plane/health/create-health-checker.ts';
import { probeTcp, toTcpProbeTarget } from '../../../../src/control-plane/health/probe-tcp.ts';
import {
  emptyDynamicConfig,
  type ResolvedTcpHealthCheck,
  type TcpService,
} from '../../../../src/model/dynamic-config.ts';
import type { ReplicaVerdict } from '../../../../src/model/messages.ts';
import { scriptedUpstream, type UpstreamConnection } from '../../../support/scripted-upstream.ts';
import { until } from '../../../support/until.ts';

const check = (more: Partial<ResolvedTcpHealthCheck> = {}): ResolvedTcpHealthCheck => ({
  mode: 'tcp',
  send: '',
  expect: '',
  interval: 20,
  unhealthyInterval: 20,
  timeout: 5_000,
  ...more,
});

const never = new AbortController().signal;
const probe = (port: number, more: Partial<ResolvedTcpHealthCheck> = {}, signal = never) =>
  probeTcp(toTcpProbeTarget(check(more), `tcp://127.0.0.1:${port}`), signal);

/** Answers PING with these parts. */
const ponging =
  (...parts: readonly string[]) =>
  ({ socket, send }: UpstreamConnection) =>
    socket.once('data', () => {
      for (const part of parts) send(part);
    });

test('a server that takes connections is well, and one that does not is not', async () => {
  const server = await scriptedUpstream();
  await probe(server.port);
  await server.close();
  await assert.rejects(probe(server.port), { code: 'ECONNREFUSED' });
});

test('what is said must be answered as expected; more may follow', async () => {
  const asking = { send: 'PING\r\n', expect: '+PONG' };
  await using well = await scriptedUpstream(ponging('+PO', 'NG\r\nand more'));
  await probe(well.port, asking);
  assert.equal(well.received, 'PING\r\n');
  await using other = await scriptedUpstream(ponging('-ERR'));
  await assert.rejects(probe(other.port, asking), /something else/);
  await using greeting = await scriptedUpstream(({ send }) => send('220 ready'));
  await probe(greeting.port, { expect: '220' });
});

test('a server that ends or says too little is not well', async () => {
  await using ending = await scriptedUpstream(({ socket }) => socket.end('+P'));
  await assert.rejects(probe(ending.port, { expect: '+PONG' }), /closed before/);
  await using silent = await scriptedUpstream();
  const abort = new AbortController();
  const asked = probe(silent.port, { expect: '+PONG' }, abort.signal);
  await silent.connection(0);
  abort.abort(new Error('too late'));
  await assert.rejects(asked, /too late/);
});

test('the check’s own port wins, and the scheme says whether TLS is spoken', () => {
  const own = check({ port: 9000 });
  assert.deepEqual(toTcpProbeTarget(own, 'tls://[fd00::1]:5432'), {
    host: 'fd00::1',
    port: 9000,
    tls: true,
    send: '',
    expect: '',
  });
  assert.equal(toTcpProbeTarget(check(), 'tcp://10.0.0.1:5432').port, 5432);
});

test('replicas of TCP services are checked under the name by which they are counted', async () => {
  await using server = await scriptedUpstream();
  const events: ReplicaVerdict[] = [];
  const checker = createHealthChecker({
    onVerdicts: (verdicts) => events.push(...verdicts),
    log: { info: () => {} },
  });
  const service: TcpService = {
    ...{ name: 'db@docker', provider: 'docker', status: 'enabled', errors: [], origins: [], relay: {} },
    healthCheck: check(),
    replicas: [
      {
        ...{ id: 'a:1', url: `tcp://127.0.0.1:${server.port}`, weight: 1, preservePath: false },
        ...{ state: 'ready', since: 0 },
      },
    ],
  };
  const config = { ...emptyDynamicConfig, tcpServices: new Map([[service.name, service]]) };
  checker.apply(config);
  const verdict = () => checker.statusOf('db@docker (tcp)', 'a:1')?.verdict;
  await until('it is up', () => verdict() === 'up');
  await server.close();
  await until('it is down', () => verdict() === 'down');
  checker.apply(emptyDynamicConfig);
  assert.equal(verdict(), undefined);
  assert.deepEqual(
    events.map((one) => [one.service, one.verdict]),
    [
      ['db@docker (tcp)', 'unknown'],
      ['db@docker (tcp)', 'up'],
      ['db@docker (tcp)', 'down'],
      ['db@docker (tcp)', 'none'],
    ],
  );
  checker.close();
});
