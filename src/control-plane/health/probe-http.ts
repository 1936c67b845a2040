// One HTTP probe over undici. Resolves when the replica is well, rejects with a sentence when it is not. It connects to
// the replica and nowhere else: redirects are followed within it only, or a label would make the gateway ask any host.
import { Client, type Dispatcher, H2CClient } from 'undici';
import type { ProbeTarget } from './probe-target.ts';

/** As in Go's http.Client. */
const maxRedirects = 10;
/** More of a body than this is not read; the connection is closed instead. */
const maxBodyBytes = 16 * 1024;

/** Asks once, redirects followed; `signal` ends it with its reason. */
export async function probeHttp(target: ProbeTarget, signal: AbortSignal): Promise<void> {
  const client: Dispatcher =
    target.protocol === 'h2c'
      ? new H2CClient(target.origin)
      : new Client(target.origin, { pipelining: 0, connect: target.tls });
  try {
    let path = target.path;
    for (let redirects = 0; ; redirects++) {
      const { status, location } = await ask(client, target, path, signal);
      const next = target.followRedirects ? redirectPath(status, location, path, target) : undefined;
      if (next === undefined) return judge(status, target.status);
      if (redirects === maxRedirects) throw new Error(`It redirected ${maxRedirects} times.`);
      path = next;
    }
  } finally {
    // The verdict stands with the head; a body that never ends must not keep the connection.
    client.destroy(null).catch(() => {});
  }
}

async function ask(client: Dispatcher, target: ProbeTarget, path: string, signal: AbortSignal) {
  const response = await client.request({
    path,
    method: target.method as Dispatcher.HttpMethod,
    headers: target.headers,
    signal,
  });
  const { statusCode: status, headers, body } = response;
  const location = typeof headers.location === 'string' ? headers.location : undefined;
  if (status >= 300 && status < 400) await body.dump({ limit: maxBodyBytes, signal });
  else body.on('error', () => {}).destroy();
  return { status, location };
}

/** The path to go on with, or undefined where the answer stands as it is. */
function redirectPath(
  status: number,
  location: string | undefined,
  path: string,
  target: ProbeTarget,
): string | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  if (!URL.canParse(location, target.origin + path)) return undefined;
  const base = new URL(target.origin + path);
  const next = new URL(location, base);
  const samePlace =
    next.protocol === base.protocol && (next.host === base.host || next.host === target.headers.host);
  return samePlace ? next.pathname + next.search : undefined;
}

function judge(status: number, expected: number): void {
  if (expected === 0 ? status >= 200 && status < 400 : status === expected) return;
  throw new Error(`It answered ${status} where ${expected === 0 ? '200–399' : expected} is expected.`);
}
