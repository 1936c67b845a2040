// The access log: Traefik's keys, one line each, nothing that acts on a terminal.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createAccessLog } from '../../../src/observability/access-log.ts';
import { exchange, lineTarget } from './example-exchange.ts';

const options = { filePath: '' };

describe('the access log', () => {
  it("writes one JSON object a line under Traefik's names, durations in nanoseconds", () => {
    const target = lineTarget();
    createAccessLog(options, undefined, target).write(
      exchange({ upstreamFirstByteMs: 3.25, upstreamStatus: 200, userAgent: 'curl/8' }),
    );
    assert.equal(target.lines.length, 1);
    const { time, ...line } = JSON.parse(target.lines[0] ?? '');
    assert.match(time, /^\d{4}-\d\d-\d\dT/);
    assert.deepEqual(line, {
      level: 'info',
      StartUTC: '2026-01-02T03:04:05.006Z',
      Duration: 12_500_000,
      ClientAddr: '192.0.2.7:4711',
      ClientHost: '192.0.2.7',
      RequestMethod: 'POST',
      RequestPath: '/inference_sft?spk=1',
      RequestHost: 'cosy.example.com',
      RequestProtocol: 'HTTP/1.1',
      RequestScheme: 'http',
      RequestContentSize: 10,
      DownstreamStatus: 200,
      DownstreamContentSize: 4800,
      entryPointName: 'web',
      RouterName: 'cosy@docker',
      ServiceName: 'cosy@docker',
      ServiceURL: 'http://172.18.0.3:7860',
      Replica: 'abcdef012345:7860',
      OriginStatus: 200,
      OriginDuration: 3_250_000,
      RequestId: 'req-1',
      'request_User-Agent': 'curl/8',
    });
  });

  it('leaves out what a request without a router has not', () => {
    const target = lineTarget();
    const absent = { router: undefined, service: undefined, replica: undefined, replicaUrl: undefined };
    createAccessLog(options, undefined, target).write(
      exchange({ ...absent, status: 404, fault: 'no-router' }),
    );
    const line = JSON.parse(target.lines[0] ?? '');
    assert.equal(line.Fault, 'no-router');
    for (const key of ['RouterName', 'ServiceName', 'ServiceURL', 'Replica', 'OriginDuration']) {
      assert.equal(key in line, false, key);
    }
  });

  it('says of each request which way it took, however many ways share a replica', () => {
    const target = lineTarget();
    const log = createAccessLog(options, undefined, target);
    const first = { entryPoint: 'web', router: 'a', service: 's', replica: 'r', replicaUrl: 'http://1' };
    const ways = [
      first,
      first,
      { ...first, entryPoint: 'other' },
      { ...first, router: 'b' },
      { ...first, service: 't' },
      { ...first, replicaUrl: 'http://2' },
      { ...first, replica: 'q' },
      first,
    ];
    for (const way of ways) log.write(exchange(way));
    assert.deepEqual(
      target.lines.map((text) => {
        const line = JSON.parse(text);
        return {
          ...{ entryPoint: line.entryPointName, router: line.RouterName, service: line.ServiceName },
          ...{ replica: line.Replica, replicaUrl: line.ServiceURL },
        };
      }),
      ways,
    );
  });

  it('brackets IPv6 addresses', () => {
    const target = lineTarget();
    createAccessLog(options, undefined, target).write(exchange({ clientHost: '2001:db8::1', clientPort: 5 }));
    assert.equal(JSON.parse(target.lines[0] ?? '').ClientAddr, '[2001:db8::1]:5');
  });

  it('escapes line ends, terminal controls, quotes and marks of text direction', () => {
    const target = lineTarget();
    const hostile = '/\r\n{"level":"info"}\u001b[31m\u009b31m\u007f\u202e"\\ \u2028';
    createAccessLog(options, undefined, target).write(exchange({ path: hostile, userAgent: hostile }));
    const line = target.lines[0] ?? '';
    assert.equal(line.indexOf('\n'), line.length - 1);
    assert.doesNotMatch(line.trimEnd(), /[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
    assert.equal(JSON.parse(line).RequestPath, hostile);
  });

  it('keeps a line below the size that several workers can write to a pipe in one piece', () => {
    const target = lineTarget();
    const long = 'x'.repeat(64 * 1024);
    createAccessLog(options, undefined, target).write(
      exchange({ path: long, userAgent: long, host: long, router: long, service: long, method: long }),
    );
    assert.ok(Buffer.byteLength(target.lines[0] ?? '') < 4096);
  });

  it('has written everything to its file once it is flushed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'berth-access-log-'));
    try {
      const filePath = join(folder, 'new-folder', 'access.log');
      const log = createAccessLog({ filePath });
      for (let n = 0; n < 50; n++) log.write(exchange({ requestId: `req-${n}` }));
      await log.flush();
      const lines = (await readFile(filePath, 'utf8')).trimEnd().split('\n');
      assert.deepEqual(
        lines.map((line) => JSON.parse(line).RequestId),
        Array.from({ length: 50 }, (_, n) => `req-${n}`),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('reports a file that cannot be written and goes on', async () => {
    const errors: string[] = [];
    const log = createAccessLog({ filePath: '/dev/null/access.log' }, (error) => errors.push(error.message));
    log.write(exchange());
    await log.flush();
    assert.notEqual(errors.length, 0);
  });
});
