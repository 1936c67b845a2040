// Whether a gateway serves its last router: one request in the protocol of the site.

import { request as overPlain } from 'node:http';
import { connect } from 'node:http2';
import { request as overTls } from 'node:https';
import { askedHost, requestPath, type Site } from './site.ts';

/** True once it answers 200. @throws when it cannot be asked. */
export function probe(port: number, site: Site): Promise<boolean> {
  return site.protocol === 'h2c' ? probeHttp2(port, site) : probeHttp1(port, site);
}

const silenceMs = 2_000;

function probeHttp1(port: number, site: Site): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: requestPath, agent: false as const, timeout: silenceMs };
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

function probeHttp2(port: number, site: Site): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const url = `${site.tls ? 'https' : 'http'}://localhost:${port}`;
    const session = connect(url, { rejectUnauthorized: false });
    const fail = (error: Error) => {
      session.destroy();
      reject(error);
    };
    session.setTimeout(silenceMs, () => fail(new Error('no answer')));
    session.on('error', fail);
    const stream = session.request({ ':path': requestPath, ':authority': askedHost(site) });
    stream.on('error', fail);
    stream.on('response', (headers) => {
      session.destroy();
      resolve(headers[':status'] === 200);
    });
  });
}
