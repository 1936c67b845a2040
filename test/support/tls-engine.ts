// The machine's Engine behind TLS with client certificates, as `dockerd --tlsverify` offers it: a relay in this process,
// with a certificate authority made for one run.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type TlsEngine = AsyncDisposable & {
  readonly endpoint: string;
  /** Files for the options of providers.docker.tls. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
};

/** Opens the relay. Needs the openssl command. */
export async function openTlsEngine(): Promise<TlsEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-tls-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => run('openssl', args, { cwd: folder });
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...fresh,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '1',
    '-subj',
    '/CN=Test CA',
  );
  await writeFile(file('names'), 'subjectAltName=IP:127.0.0.1');
  for (const name of ['server', 'client']) {
    await openssl('req', ...fresh, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const signed = [
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '1',
      '-extfile',
      'names',
    ];
    await openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signed);
  }
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'server.pem', 'server.key'].map((name) => readFile(file(name))),
  );
  const server = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true }, (client) => {
    const engine = createConnection('/var/run/docker.sock');
    client.pipe(engine).pipe(client);
    client.on('error', () => engine.destroy());
    engine.on('error', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: file('ca.pem'),
    cert: file('client.pem'),
    key: file('client.key'),
    async [Symbol.asyncDispose]() {
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}
