// How long after a container's start its first request is answered, and how long after a kill it is still asked.
// Beside Berth: Traefik, as it comes and without its throttle, if `npm run bench -- peers` has installed it.

import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import Docker from 'dockerode';
import { findPeer } from '../support/bench-peers.ts';
import { reportBench, summarise } from '../support/bench-report.ts';
import { freePort } from '../support/free-port.ts';
import { buildInstantImage, instantImage } from '../support/instant-image.ts';
import { until } from '../support/until.ts';

type Gateway = { readonly name: string; readonly port: number; readonly child: ChildProcess };
type Samples = Record<'start' | 'startApi' | 'term' | 'kill' | 'failed', number[]>;

const marker = 'bench.run=propagation';
const main = join(import.meta.dirname, '../../src/main.ts');

/** Arguments: rounds (20). Needs a Docker Engine on this machine, and root's right to use it. */
export async function run(args: readonly string[]): Promise<void> {
  const rounds = Number(args[0] ?? 20);
  await buildInstantImage();
  const docker = new Docker({ socketPath: '/var/run/docker.sock' });
  const events = await followEvents(docker);
  const gateways = await startGateways();
  const samples = new Map<string, Samples>();
  try {
    // Traefik keeps its last configuration when no container is left at all; one always is.
    await (await createContainer(docker, 'anchor')).start();
    for (let round = -1; round < rounds; round++) {
      for (const gateway of gateways) {
        const host = `r${round + 1}-${gateway.port}`;
        const taken = await measureKill({ docker, events }, gateway, host);
        const term =
          round < termRounds ? await measureTerm({ docker, events }, gateway, `${host}-term`) : undefined;
        // The first round warms everything up: the gateway's code, the Engine's, the file cache.
        if (round >= 0) add(samples, gateway.name, taken, term);
      }
    }
  } finally {
    for (const { child } of gateways) child.kill('SIGTERM');
    await removeAll(docker);
    events.close();
  }
  reportBench(
    'propagation',
    method,
    [...samples].map(([name, taken]) => toRow(name, taken)),
  );
}

const method =
  'milliseconds, median / max. One container at a time from a created one of a scratch image with busybox httpd; two keep-alive connections ask the gateway without pause, so up to one request’s duration is included. start: time stamp of the Engine’s start event → first 200; after docker start: return of that API call → first 200 (0: before). SIGTERM (ignored by the process; the first rounds only) and SIGKILL: time stamp of the Engine’s kill event → first answer 404 or 503. failed: 502, 504 and hanging requests in all rounds after SIGKILL. All gateways run at the same time on the same Engine; only one is asked at a time.';

function toRow(name: string, taken: Samples) {
  const show = (list: readonly number[]) => {
    const { median, max } = summarise(list);
    return list.some(Number.isNaN) ? 'not followed' : `${median} / ${max}`;
  };
  return {
    gateway: name,
    rounds: taken.start.length,
    start: show(taken.start),
    'after docker start': show(taken.startApi),
    SIGTERM: show(taken.term),
    SIGKILL: show(taken.kill),
    failed: taken.failed.reduce((sum, one) => sum + one, 0),
  };
}

type Taken = Awaited<ReturnType<typeof measureKill>>;

function add(samples: Map<string, Samples>, name: string, taken: Taken, term: number | undefined): void {
  const all = samples.get(name) ?? { start: [], startApi: [], term: [], kill: [], failed: [] };
  samples.set(name, all);
  all.start.push(taken.start);
  all.startApi.push(taken.startApi);
  if (term !== undefined) all.term.push(term);
  all.kill.push(taken.kill);
  all.failed.push(taken.failed);
}

/** SIGTERM is measured in fewer rounds: each takes seconds, and its effect is the same each time. */
const termRounds = 5;

type Rig = { readonly docker: Docker; readonly events: Events };

const wallClock = () => performance.timeOrigin + performance.now();
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Traefik does not follow SIGTERM; it is not waited for longer than this. */
const termPatienceMs = 3_000;

/** A container is started, and killed. */
async function measureKill(rig: Rig, { port }: Gateway, host: string) {
  const started = await startContainer(rig, port, host);
  const { container, client } = started;
  const gone = client.askUntil(isRefusal);
  await container.kill({ signal: 'SIGKILL' });
  const { at, failed } = await gone;
  const kill = at - (await rig.events.timeOf('kill', container.id));
  await endContainer(started);
  return { start: started.start, startApi: started.startApi, kill, failed };
}

/** A container is started, and told to end; it does not obey. */
async function measureTerm(rig: Rig, { port }: Gateway, host: string): Promise<number> {
  const started = await startContainer(rig, port, host);
  const { container, client } = started;
  const refused = client.askUntil(isRefusal, termPatienceMs);
  await container.kill({ signal: 'SIGTERM' });
  const { at } = await refused;
  const term = at - (await rig.events.timeOf('kill', container.id));
  await endContainer(started);
  return term;
}

/** The answer is the gateway's own, and not for want of a connection. */
const isRefusal = (status: number) => status === 404 || status === 503;

function createContainer(docker: Docker, host: string): Promise<Docker.Container> {
  return docker.createContainer({
    Image: instantImage,
    Labels: {
      'bench.run': 'propagation',
      'traefik.enable': 'true',
      [`traefik.http.routers.${host}.rule`]: `Host(\`${host}.test\`)`,
    },
  });
}

async function startContainer({ docker, events }: Rig, port: number, host: string) {
  const container = await createContainer(docker, host);
  // The creation's own events shall have come to rest.
  await pause(200);
  const client = createAsker(port, `${host}.test`);
  const answered = client.askUntil((status) => status === 200);
  await container.start();
  const returnedAt = wallClock();
  const { at } = await answered;
  const start = at - (await events.timeOf('start', container.id));
  // Traefik's throttle of two seconds shall not hold back what is measured next.
  await pause(2_200);
  return { container, client, start, startApi: Math.max(at - returnedAt, 0) };
}

async function endContainer({
  container,
  client,
}: Awaited<ReturnType<typeof startContainer>>): Promise<void> {
  client.close();
  await container.remove({ force: true });
  await pause(200);
}

/** Requests under way at the same time: one that hangs on a dead address must not hide that the next is answered. */
const askers = 2;

function createAsker(port: number, host: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: askers });
  const ask = () =>
    new Promise<number>((resolve) => {
      const question = request({ host: '127.0.0.1', port, agent, headers: { host } }, (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
      });
      question.setTimeout(500, () => question.destroy());
      question.once('error', () => resolve(0)).end();
    });
  return {
    /** Asks without pause; `at` is the time of the first answer that is enough, NaN when none came within the limit. */
    async askUntil(enough: (status: number) => boolean, limitMs = 10_000) {
      const deadline = wallClock() + limitMs;
      let failed = 0;
      let at = Number.NaN;
      const loop = async () => {
        while (Number.isNaN(at) && wallClock() < deadline) {
          const status = await ask();
          if (enough(status) && Number.isNaN(at)) at = wallClock();
          else if (status === 0 || status >= 502) failed += 1;
        }
      };
      const loops = Array.from({ length: askers }, loop);
      await Promise.race(loops);
      return { at, failed };
    },
    close: () => agent.destroy(),
  };
}

type Events = Awaited<ReturnType<typeof followEvents>>;

/** The Engine's own time stamps of the containers' events. */
async function followEvents(docker: Docker) {
  const abort = new AbortController();
  const stream = await docker.getEvents({
    abortSignal: abort.signal,
    filters: { type: ['container'], event: ['start', 'kill'], label: [marker] },
  });
  const times = new Map<string, number>();
  let rest = '';
  stream.on('error', () => {});
  stream.on('data', (chunk) => {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((text) => text !== '')) {
      const { Action, Actor, timeNano } = JSON.parse(line);
      const key = `${Action} ${Actor.ID}`;
      if (!times.has(key)) times.set(key, timeNano / 1e6);
    }
  });
  return {
    /** Milliseconds since the epoch of the first such event. */
    timeOf: (action: string, id: string) => until(`the event ${action}`, () => times.get(`${action} ${id}`)),
    close: () => abort.abort(),
  };
}

async function startGateways(): Promise<readonly Gateway[]> {
  const traefik = findPeer('traefik');
  const constraints = '--providers.docker.constraints=Label(`bench.run`,`propagation`)';
  const common = ['--providers.docker=true', '--providers.docker.exposedByDefault=false', constraints];
  const start = async (name: string, command: string, args: readonly string[]): Promise<Gateway> => {
    const port = await freePort();
    const entryPoint = `--entrypoints.web.address=127.0.0.1:${port}`;
    const child = spawn(command, [...args, entryPoint, ...common], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const client = createAsker(port, 'nobody.test');
    const { at } = await client.askUntil((status) => status === 404);
    client.close();
    if (Number.isNaN(at)) throw new Error(`${name} does not answer.`);
    return { name, port, child };
  };
  const gateways = [await start('Berth', process.execPath, [main, '--log.level=ERROR'])];
  if (traefik !== undefined) {
    gateways.push(await start('Traefik', traefik, []));
    gateways.push(
      await start('Traefik, throttle 1 ms', traefik, ['--providers.providersThrottleDuration=1ms']),
    );
  }
  return gateways;
}

async function removeAll(docker: Docker): Promise<void> {
  const list = await docker.listContainers({ all: true, filters: { label: [marker] } });
  await Promise.all(list.map(({ Id }) => docker.getContainer(Id).remove({ force: true })));
}
