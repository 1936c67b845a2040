// What a probe sends, what it accepts, and where it never goes.
import assert from 'node:assert/strict';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { describeFailure } from '../../../../src/control-plane/health/describe-failure.ts';
import { limitConcurrency } from '../../../../src/control-plane/health/limit-concurrency.ts';
import { nextDelay } from '../../../../src/control-plane/health/next-delay.ts';
import { probeGrpc } from '../../../../src/control-plane/health/probe-grpc.ts';
import { probeHttp } from '../../../../src/control-plane/health/probe-http.ts';
import { toProbeTarget, toProbeTls } from '../../../../src/control-plane/health/probe-target.ts';
import type { ResolvedHealthCheck } from '../../../../src/model/dynamic-config.ts';
import type { TransportMaterial } from '../../../../src/model/servers-transport.ts';
import { loopbackCertificate, loopbackKey } from '../../../support/loopback-certificate.ts';
import { checkOptions, type ScriptedUpstream, startUpstream, status } from './scripted-upstream.ts';

const probe = (options: Partial<ResolvedHealthCheck>, url: string, signal = AbortSignal.timeout(3_000)) =>
  probeHttp(toProbeTarget(checkOptions(options), url), signal);

it('trusts those whom requests would trust', async () => {
  const server = createHttpsServer({ cert: loopbackCertificate, key: loopbackKey }, (_request, response) => {
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const probeBy = (transport: TransportMaterial | undefined) =>
    probeHttp(toProbeTarget(checkOptions({}), url, toProbeTls(transport)), AbortSignal.timeout(10_000));
  const usual = { insecureSkipVerify: false, dialTimeoutMs: 0 };
  await assert.rejects(probeBy(undefined), /self-signed/);
  await assert.rejects(probeBy({ ...usual, ca: [] }), /self-signed/);
  await probeBy({ ...usual, ca: [loopbackCertificate] });
  await probeBy({ ...usual, insecureSkipVerify: true });
  server.closeAllConnections();
  server.close();
});

describe('the target of a probe', () => {
  const cases: { name: string; options: Partial<ResolvedHealthCheck>; url: string; expected: object }[] = [
    {
      name: 'is the server itself by default',
      options: {},
      url: 'http://10.0.0.2:7860',
      expected: { origin: 'http://10.0.0.2:7860', protocol: 'http', path: '/health', method: 'GET' },
    },
    {
      name: 'takes port and scheme of the check',
      options: { port: 9000, scheme: 'https' },
      url: 'http://10.0.0.2:7860',
      expected: { origin: 'https://10.0.0.2:9000' },
    },
    {
      name: 'knows the default port of the server’s scheme',
      options: {},
      url: 'https://10.0.0.2',
      expected: { origin: 'https://10.0.0.2:443' },
    },
    {
      name: 'speaks h2c with an h2c server',
      options: {},
      url: 'h2c://10.0.0.2:50000',
      expected: { origin: 'http://10.0.0.2:50000', protocol: 'h2c' },
    },
    {
      name: 'keeps the brackets of IPv6',
      options: {},
      url: 'http://[fd00::2]:80/base',
      expected: { origin: 'http://[fd00::2]:80' },
    },
    {
      name: 'stays on the server whatever the path looks like',
      options: { path: '//evil.example/x' },
      url: 'http://10.0.0.2:1',
      expected: { origin: 'http://10.0.0.2:1', path: '//evil.example/x' },
    },
    {
      name: 'makes a full URL a path too',
      options: { path: 'http://evil.example/' },
      url: 'http://10.0.0.2:1',
      expected: { origin: 'http://10.0.0.2:1', path: '/http://evil.example/' },
    },
  ];
  for (const { name, options, url, expected } of cases) {
    it(name, () => assert.partialDeepStrictEqual(toProbeTarget(checkOptions(options), url), expected));
  }

  it('takes the Host field from the hostname, or from the headers before it', () => {
    const host = (options: Partial<ResolvedHealthCheck>) =>
      toProbeTarget(checkOptions(options), 'http://10.0.0.2:1').headers.host;
    assert.equal(host({}), '10.0.0.2:1');
    assert.equal(host({ hostname: 'a.example' }), 'a.example');
    assert.equal(host({ hostname: 'a.example', headers: { Host: 'b.example' } }), 'b.example');
  });
});

describe('an HTTP probe', { timeout: 20_000 }, () => {
  let upstream: ScriptedUpstream;
  let elsewhere: ScriptedUpstream;
  before(async () => {
    upstream = await startUpstream();
    elsewhere = await startUpstream();
  });
  after(async () => {
    await upstream.close();
    await elsewhere.close();
  });

  it('sends method, path with query, Host and headers as configured', async () => {
    upstream.answer = status(204);
    await probe(
      { method: 'HEAD', path: '/h?deep=1', hostname: 'tts.example', headers: { 'X-Key': 'k' } },
      upstream.url,
    );
    const last = upstream.requests.at(-1);
    assert.equal(last?.method, 'HEAD');
    assert.equal(last.url, '/h?deep=1');
    assert.equal(last.headers.host, 'tts.example');
    assert.equal(last.headers['x-key'], 'k');
  });

  it('accepts 200 to 399, or only the status that is asked for', async () => {
    for (const [code, expected, well] of [
      [200, 0, true],
      [399, 0, true],
      [400, 0, false],
      [503, 0, false],
      [503, 503, true],
      [200, 204, false],
    ] as const) {
      upstream.answer = status(code);
      const asked = probe({ status: expected }, upstream.url);
      if (well) await asked;
      else await assert.rejects(asked, { message: new RegExp(`^It answered ${code} where`) });
    }
  });

  it('follows redirects within the replica', async () => {
    upstream.answer = (request, response) =>
      status(request.url === '/health' ? 302 : 200, { location: '/real?x=1' })(request, response);
    await probe({ status: 200 }, upstream.url);
    assert.equal(upstream.requests.at(-1)?.url, '/real?x=1');
  });

  it('follows a redirect to the host name that it used, but connects to the replica', async () => {
    upstream.answer = (request, response) =>
      status(request.url === '/health' ? 302 : 200, { location: 'http://tts.example/real' })(
        request,
        response,
      );
    await probe({ status: 200, hostname: 'tts.example' }, upstream.url);
    assert.equal(upstream.requests.at(-1)?.url, '/real');
  });

  it('never follows a redirect to another host or port: the redirect itself is the answer', async () => {
    for (const location of [
      elsewhere.url,
      `//127.0.0.1:${elsewhere.port}/`,
      'http://169.254.169.254/latest/',
    ]) {
      upstream.answer = status(302, { location });
      await probe({}, upstream.url);
      await assert.rejects(probe({ status: 200 }, upstream.url), /It answered 302/);
    }
    assert.equal(elsewhere.requests.length, 0);
  });

  it('does not follow where that is switched off', async () => {
    upstream.answer = status(302, { location: '/real' });
    const asked = upstream.requests.length;
    await probe({ followRedirects: false }, upstream.url);
    assert.equal(upstream.requests.length, asked + 1);
  });

  it('gives up on a circle of redirects', async () => {
    upstream.answer = status(302, { location: '/health' });
    await assert.rejects(probe({}, upstream.url), { message: 'It redirected 10 times.' });
  });

  it('judges by the head and closes the connection of a body without end', async () => {
    let closed = false;
    upstream.answer = (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1);
      response.on('close', () => {
        clearInterval(timer);
        closed = true;
      });
    };
    await probe({}, upstream.url);
    while (!closed) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('rejects a header field that cannot be sent instead of throwing out of turn', async () => {
    await assert.rejects(probe({ headers: { 'X-A': 'a\r\nb' } }, upstream.url));
    await assert.rejects(probe({ headers: { 'bad name': 'a' } }, upstream.url));
  });
});

describe('a probe of an HTTP/2 server', { timeout: 20_000 }, () => {
  const server = createServer();
  let servingStatus = 1;
  let grpcStatus = '0';
  let url = '';
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    if (headers[':path'] !== '/grpc.health.v1.Health/Check') {
      stream.respond({ ':status': headers[':path'] === '/health' ? 200 : 404 });
      stream.end();
      return;
    }
    stream.on('error', () => {});
    stream.resume();
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': grpcStatus }));
    stream.end(grpcStatus === '0' ? Buffer.from([0, 0, 0, 0, 2, 8, servingStatus]) : undefined);
  });
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `h2c://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const grpc = (to = url) =>
    probeGrpc(toProbeTarget(checkOptions({ mode: 'grpc' }), to), AbortSignal.timeout(3_000));

  it('asks plain HTTP/2 where the server is h2c', async () => {
    await probe({}, url);
    await assert.rejects(probe({ path: '/none' }, url), /It answered 404/);
  });

  it('takes SERVING of the gRPC health service for well', () => grpc());

  it('takes NOT_SERVING, errors and a missing service for down, each with its reason', async () => {
    servingStatus = 2;
    await assert.rejects(grpc(), { message: 'It says that it is not serving.' });
    grpcStatus = '12';
    await assert.rejects(grpc(), { message: 'It does not implement the gRPC health service.' });
    grpcStatus = '14';
    await assert.rejects(grpc(), { message: 'The gRPC call failed with status 14.' });
  });

  it('rejects a server that does not speak HTTP/2', async () => {
    const plain = await startUpstream();
    await assert.rejects(grpc(plain.url));
    await plain.close();
  });
});

describe('the delay until the next probe', () => {
  const check = { interval: 30_000, unhealthyInterval: 15_000 };
  const starting = { up: false, passed: false, failures: 1, ageMs: 100 };

  it('starts small and grows to one second while a replica has never passed', () => {
    const delays = [1, 2, 3, 5, 8, 100].map((failures) => nextDelay(check, { ...starting, failures }, 0.5));
    assert.deepEqual(delays.map(Math.round), [150, 225, 338, 759, 1000, 1000]);
  });

  it('is never longer than the interval', () => {
    assert.equal(nextDelay({ interval: 50, unhealthyInterval: 50 }, starting, 0.5), 50);
  });

  it('is the interval once it passed, and the unhealthy interval once it failed after that', () => {
    assert.equal(nextDelay(check, { ...starting, up: true, passed: true }, 0.5), 30_000);
    assert.equal(nextDelay(check, { ...starting, passed: true }, 0.5), 15_000);
  });

  it('is the unhealthy interval for what has not started within ten minutes', () => {
    assert.equal(nextDelay(check, { ...starting, failures: 600, ageMs: 600_000 }, 0.5), 15_000);
  });

  it('varies by a tenth, so that replicas do not march in step', () => {
    const up = { ...starting, up: true, passed: true };
    assert.equal(nextDelay(check, up, 0), 27_000);
    assert.equal(Math.round(nextDelay(check, up, 0.999_999)), 33_000);
  });

  it('does not spin on an interval of 0', () => {
    assert.equal(nextDelay({ interval: 0, unhealthyInterval: 0 }, starting, 0), 10);
  });
});

describe('the limiter', () => {
  it('runs no more tasks than allowed, in order, and goes on after a failure', async () => {
    const limit = limitConcurrency(2);
    const order: number[] = [];
    let running = 0;
    let most = 0;
    const tasks = Array.from({ length: 9 }, (_, n) =>
      limit(async () => {
        order.push(n);
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
        if (n % 2 === 0) throw new Error('odd');
      }),
    );
    await Promise.allSettled(tasks);
    assert.equal(most, 2);
    assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    assert.equal(await limit(async () => 'still works'), 'still works');
  });
});

describe('the reason of a failure', () => {
  it('is a sentence, and short whatever the replica sent', () => {
    assert.equal(
      describeFailure(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 1),
      'The connection was refused.',
    );
    assert.equal(describeFailure('text', 1), 'The probe failed.');
    assert.ok(describeFailure(new Error('x'.repeat(10_000)), 1).length <= 200);
  });
});
