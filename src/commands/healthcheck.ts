// `healthcheck`: asks the running gateway's /ping, for Docker's HEALTHCHECK. Any answer below 500 on the internal
// entry point counts when ping is off, because then the API answers 404 and still proves that the gateway lives.
import { request } from 'node:http';
import type { StartupConfig } from '../model/startup.ts';
import type { Terminal } from './terminal.ts';

/** Time limit of the question, well below Docker's own. */
const timeoutMs = 3_000;

/** @returns the exit status: 0 when the gateway answers, 1 when it does not. */
export async function healthcheck(startup: StartupConfig, terminal: Terminal): Promise<number> {
  const place = startup.internalEntryPoint;
  if (place === undefined) {
    terminal.err('There is nothing to ask: switch --ping=true or --api.insecure=true on.\n');
    return 1;
  }
  const host =
    place.host === '' || place.host === '0.0.0.0' ? '127.0.0.1' : place.host === '::' ? '::1' : place.host;
  try {
    const status = await ask(host, place.port);
    const good = startup.ping === undefined ? status < 500 : status === 200;
    terminal.out(`${good ? 'OK' : 'Bad'}: http://${host}:${place.port}/ping answered ${status}\n`);
    return good ? 0 : 1;
  } catch (error) {
    terminal.err(
      `Bad: http://${host}:${place.port}/ping: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 1;
  }
}

function ask(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const question = request({ host, port, path: '/ping', timeout: timeoutMs, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    question.on('timeout', () => question.destroy(new Error(`no answer in ${timeoutMs} ms`)));
    question.on('error', reject);
    question.end();
  });
}
