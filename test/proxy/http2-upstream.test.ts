import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import {
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Lanes } from '../../src/model/startup.ts';
import { gateway, gatewayTo } from '../support/gateway.ts';
import { answerOn, http2Client } from '../support/http2-client.ts';
import { rawClient } from '../support/raw-client.ts';
import { until } from '../support/until.ts';

type OnStream = (stream: ServerHttp2Stream, fields: IncomingHttpHeaders) => void;

/** A replica that speaks HTTP/2 without TLS only. */
async function h2cReplica(onStream: OnStream) {
  const server = createServer({ settings: { enableConnectProtocol: true } });
  server.on('stream', (stream: ServerHttp2Stream, fields) => {
    stream.on('error', () => {});
    onStream(stream, fields);
  });
  return listening(server, 'h2c');
}

async function listening(server: Server, scheme: string) {
  const open = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => open.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    get connections() {
      return open.size;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with what came, and a trailer. */
const echo: OnStream = (stream, fields) => {
  stream.respond({ ':status': 200, 'x-path': fields[':path'] ?? '' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.pipe(stream);
};

for (const lanes of ['all', 'fastify'] satisfies Lanes[]) {
  test(`a client of HTTP/1.1 reaches a replica of HTTP/2 (lanes: ${lanes})`, async () => {
    await using replica = await h2cReplica(echo);
    await using gate = await gatewayTo(replica.url).lanes(lanes).start();
    const origin = `http://127.0.0.1:${gate.port}`;
    for (const body of ['one', 'x'.repeat(1_000_000)]) {
      const answer = await fetch(`${origin}/echo?q=1`, { method: 'POST', body });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('x-path'), '/echo?q=1');
      assert.equal(await answer.text(), body);
    }
    assert.equal(replica.connections, 1);
  });
}

test('trailers, early answers and heads alone pass between two sides of HTTP/2', async () => {
  await using replica = await h2cReplica((stream, fields) => {
    if (fields[':path'] === '/alone') {
      stream.respond({ ':status': 200, 'grpc-status': '5' }, { endStream: true });
    } else echo(stream, fields);
  });
  await using gate = await gatewayTo(replica.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gate.port}`);
  const fields = { te: 'trailers', 'content-type': 'application/grpc' };
  const whole = await client.request('/echo', { body: 'ping', fields });
  assert.deepEqual([whole.status, whole.body, whole.trailers['grpc-status']], [200, 'ping', '0']);
  const alone = await client.request('/alone', { body: 'ping', fields });
  assert.deepEqual([alone.status, alone.body, alone.fields['grpc-status']], [200, '', '5']);
});

test('each part of a stream passes both ways when it comes', async () => {
  await using replica = await h2cReplica(echo);
  await using gate = await gatewayTo(replica.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gate.port}`);
  const stream = client.open({ ':method': 'POST', ':path': '/', te: 'trailers' });
  const answer = answerOn(stream);
  for (const part of ['a', 'b', 'c']) {
    stream.write(part);
    const [echoed] = await once(stream, 'data');
    assert.equal(echoed, part);
  }
  stream.end();
  assert.equal((await answer).trailers['grpc-status'], '0');
});

test('each call of one connection chooses its replica', async () => {
  const counts = [0, 0];
  const counting = (at: number): OnStream => {
    return (stream, fields) => {
      counts[at] = (counts[at] ?? 0) + 1;
      echo(stream, fields);
    };
  };
  await using one = await h2cReplica(counting(0));
  await using other = await h2cReplica(counting(1));
  await using gate = await gatewayTo(one.url, other.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gate.port}`);
  for (let call = 0; call < 10; call++) await client.request('/');
  assert.deepEqual(counts, [5, 5]);
});

test('a client that gives up ends the call on the replica', async () => {
  const codes: number[] = [];
  await using replica = await h2cReplica((stream) => {
    stream.respond({ ':status': 200 });
    stream.write('begin');
    stream.on('close', () => codes.push(stream.rstCode));
  });
  await using gate = await gatewayTo(replica.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gate.port}`);
  const stream = client.open({ ':path': '/' }, true);
  await once(stream, 'data');
  stream.close(8);
  await until('the replica hears of it', () => codes.length === 1);
  assert.notEqual(codes[0], 0);
});

test('a WebSocket of HTTP/1.1 goes on as an extended CONNECT, where the replica takes it', async () => {
  const protocols: unknown[] = [];
  await using replica = await h2cReplica((stream, fields) => {
    protocols.push(fields[':protocol'], fields['sec-websocket-key']);
    stream.respond({ ':status': 200 });
    stream.pipe(stream);
  });
  await using gate = await gatewayTo(replica.url).start();
  using client = await rawClient(gate.port);
  client.send(
    'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await client.sees('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  client.send('over and back');
  await client.sees('over and back');
  assert.deepEqual(protocols, ['websocket', undefined]);
});

test('over TLS the server says whether it speaks HTTP/2', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-http2-'));
  const [key, cert] = makeCertificate(folder);
  rmSync(folder, { recursive: true });
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, cert]);
  try {
    const seen: string[] = [];
    await using modern = await listening(
      createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => {
        seen.push(`modern ${request.httpVersion}`);
        response.end('modern');
      }),
      'https',
    );
    await using old = await listening(
      createHttpsServer({ key, cert }, (request, response) => {
        seen.push(`old ${request.httpVersion}`);
        response.end('old');
      }),
      'https',
    );
    await using gate = await gateway()
      .service('modern', [modern.url])
      .service('old', [old.url])
      .router('m', { rule: 'PathPrefix(`/modern`)', service: 'modern' })
      .router('o', { rule: 'PathPrefix(`/old`)', service: 'old' })
      .start();
    await using client = await http2Client(`http://127.0.0.1:${gate.port}`);
    for (const name of ['modern', 'old']) {
      for (let call = 0; call < 2; call++) assert.equal((await client.request(`/${name}`)).body, name);
    }
    assert.deepEqual(seen, ['modern 2.0', 'modern 2.0', 'old 1.1', 'old 1.1']);
  } finally {
    setDefaultCACertificates(before);
  }
});

function makeCertificate(folder: string): [string, string] {
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=berth-test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...names, ...files], { stdio: 'ignore' });
  return [readFileSync(join(folder, 'key.pem'), 'utf8'), readFileSync(join(folder, 'cert.pem'), 'utf8')];
}
