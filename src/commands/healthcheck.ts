// `healthcheck`: asks the running gateway's /ping, for Docker's HEALTHCHECK. Where ping is off or has a router of its users', any
// answer below 500 proves that it lives; where there is no internal entry point, any answer at all of the first entry point does.
import { request } from 'node:http';
import { toAuthority } from '../lib/authority.ts';
import type { StartupConfig } from '../model/startup.ts';
import type { Terminal } from './terminal.ts';

/** Time limit of the question, well below Docker's own. */
const timeoutMs = 3_000;

/** @returns the exit status: 0 when the gateway answers, 1 when it does not. */
export async function healthcheck(startup: StartupConfig, terminal: Terminal): Promise<number> {
  const { ping, internalEntryPoint, entryPoints } = startup;
  const ofPing =
    ping?.manualRouting === false ? entryPoints.find(({ name }) => name === ping.entryPoint) : undefined;
  const hasPing = ofPing !== undefined || (ping?.manualRouting === false && internalEntryPoint !== undefined);
  const place = ofPing ?? internalEntryPoint ?? entryPoints[0];
  if (place === undefined) {
    terminal.err('There is nothing to ask: no entry point is configured.\n');
    return 1;
  }
  const url = `http://${toAuthority(reachable(place.host), place.port)}/ping`;
  try {
    const status = await ask(url);
    const limit = internalEntryPoint === undefined ? 600 : 500;
    const good = hasPing ? status === 200 : status < limit;
    terminal.out(`${good ? 'OK' : 'Bad'}: ${url} answered ${status}\n`);
    return good ? 0 : 1;
  } catch (error) {
    terminal.err(`Bad: ${url}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** An entry point that listens on all addresses is asked on loopback. */
function reachable(host: string): string {
  return host === '' || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

function ask(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const question = request(url, { timeout: timeoutMs, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    question.on('timeout', () => question.destroy(new Error(`no answer in ${timeoutMs} ms`)));
    question.on('error', reject);
    question.end();
  });
}
