// Whether a gateway serves its last router: one request in the protocol of the site.
import { request as overPlain } from 'node:http';
import { connect } from 'node:http2';
import { request as overTls } from 'node:https';
import { askedHost, type Site } from './site.ts';

/** True once it answers 200, and gRPC with status 0. @throws when it cannot be asked. */
export function probe(port: number, site: Site): Promise<boolean> {
  return site.protocol === 'h2c' ? probeGrpc(port, site) : probeHttp1(port, site);
}

const silenceMs = 2_000;

/** A message without fields: no compression, length 0. */
export const emptyGrpcMessage = Buffer.alloc(5);

function probeHttp1(port: number, site: Site): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: site.path, agent: false as const, timeout: silenceMs };
    const headers = { host: askedHost(site) };
    const question = site.tls
      ? overTls({ ...options, headers, servername: 'localhost', rejectUnauthorized: false })
      : overPlain({ ...options, headers });
    question.on('response', (answer) => {
      answer.destroy();
      resolve(answer.statusCode === 200);
    });
    question.on('timeout', () => question.destroy(new Error('no answer')));
    question.on('error', reject);
    question.end();
  });
}

function probeGrpc(port: number, site: Site): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const session = connect(`http://127.0.0.1:${port}`);
    const fail = (error: Error) => {
      session.destroy();
      reject(error);
    };
    session.setTimeout(silenceMs, () => fail(new Error('no answer')));
    session.on('error', fail);
    const stream = session.request({
      ':method': 'POST',
      ':path': site.path,
      ':authority': askedHost(site),
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', fail);
    let status: unknown;
    stream.on('trailers', (trailers) => {
      status = trailers['grpc-status'];
    });
    stream.resume().on('end', () => {
      session.destroy();
      resolve(String(status) === '0');
    });
    stream.end(emptyGrpcMessage);
  });
}
