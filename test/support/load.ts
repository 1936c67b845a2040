// A steady load of real requests, to show that none is lost while something changes. Bounded in time by its owner.
import { Agent, request } from 'node:http';

export type LoadReport = {
  readonly done: number;
  /** Every answer that was not 200, and every broken connection, in words. */
  readonly failures: readonly string[];
  /** Requests on a kept connection that had just been closed: not failures, for every client repeats them. */
  readonly repeats: number;
  /** Which replicas answered how often (X-Replica). */
  readonly replicas: ReadonlyMap<string, number>;
};

export type Load = AsyncDisposable & { readonly report: LoadReport; stop(): Promise<LoadReport> };

export type LoadOptions = {
  readonly port: number;
  readonly path?: string;
  readonly host?: string;
  /** Requests under way at any time. */
  readonly clients?: number;
  /** A new connection for each request. */
  readonly churn?: boolean;
};

/** Starts `clients` loops, each sending its next request when the last one was answered. */
export function startLoad({
  port,
  path = '/',
  host = 'localhost',
  clients = 4,
  churn = false,
}: LoadOptions): Load {
  const agent = new Agent({ keepAlive: !churn });
  let repeats = 0;
  const failures: string[] = [];
  const replicas = new Map<string, number>();
  let done = 0;
  let stopped = false;

  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const fail = (reason: string): void => {
        failures.push(reason);
        resolve();
      };
      const question = request(
        { host: '127.0.0.1', port, path, agent, headers: { Host: host } },
        (answer) => {
          let body = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => {
            body += chunk;
          });
          answer.on('error', (error) => fail(`cut: ${error.message}`));
          answer.on('end', () => {
            if (answer.statusCode !== 200) return fail(`${answer.statusCode}: ${body.slice(0, 200)}`);
            const replica = String(answer.headers['x-replica'] ?? '');
            replicas.set(replica, (replicas.get(replica) ?? 0) + 1);
            resolve();
          });
        },
      );
      // A keep-alive connection that the gateway had just closed is the client's to repeat (RFC 9112 §9.3.1).
      question.on('error', (error) => {
        if (!question.reusedSocket) return fail(error.message);
        repeats += 1;
        resolve();
      });
      question.end();
    });

  const loops = Array.from({ length: clients }, async () => {
    while (!stopped) {
      await one();
      done += 1;
    }
  });
  const report: LoadReport = {
    get done() {
      return done;
    },
    get repeats() {
      return repeats;
    },
    failures,
    replicas,
  };
  async function stop(): Promise<LoadReport> {
    stopped = true;
    await Promise.all(loops);
    agent.destroy();
    return report;
  }
  return {
    report,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}
