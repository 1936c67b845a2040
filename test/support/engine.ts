// Containers of a real Docker Engine for tests. Everything that is made here carries one label and is removed at the end.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';

const run = promisify(execFile);
const marker = 'berthtest.run';

export const upstreamImage = 'berth-test-upstream';

export type ContainerSpec = {
  readonly name?: string;
  readonly image?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly networks?: readonly string[];
  readonly command?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[]; readonly intervalMs: number };
  readonly stopTimeoutSeconds?: number;
};

export type TestEngine = {
  readonly docker: Docker;
  /** Unique to this run: for names that must not collide. */
  readonly tag: string;
  /** The flag by which a gateway sees the containers of this run and no others. */
  readonly constraint: string;
  /** For a gateway that takes of them those that are enabled by label. */
  readonly flags: readonly string[];
  /** Creates and starts. */
  start(spec?: ContainerSpec): Promise<Docker.Container>;
  createNetwork(name: string, subnet?: string): Promise<Docker.Network>;
  /** Removes every container and network of this run. */
  [Symbol.asyncDispose](): Promise<void>;
};

/** Where the machine's own Engine listens. */
const machineSocket = '/var/run/docker.sock';

/** Opens the Engine at `socketPath`. On the machine's own one the upstream's image is built first; others get it by copy. */
export async function openEngine(socketPath = machineSocket): Promise<TestEngine> {
  const docker = new Docker({ socketPath });
  const tag = randomBytes(4).toString('hex');
  if (socketPath === machineSocket) {
    await run('docker', ['build', '-q', '-t', upstreamImage, join(import.meta.dirname, 'upstream')]);
  }

  async function start(spec: ContainerSpec = {}): Promise<Docker.Container> {
    const { image = upstreamImage, labels = {}, env = {}, networks = [], command, healthcheck } = spec;
    const [first, ...others] = networks;
    const container = await docker.createContainer({
      name: spec.name ?? `berth-test-${tag}-${randomBytes(3).toString('hex')}`,
      Image: image,
      Labels: { ...labels, [marker]: tag },
      Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
      ...(command === undefined ? {} : { Cmd: [...command] }),
      ...(healthcheck === undefined
        ? {}
        : {
            Healthcheck: {
              Test: ['CMD', ...healthcheck.test],
              Interval: healthcheck.intervalMs * 1e6,
              Retries: 1,
            },
          }),
      StopTimeout: spec.stopTimeoutSeconds ?? 10,
      HostConfig: first === undefined ? {} : { NetworkMode: first },
    });
    for (const network of others) await docker.getNetwork(network).connect({ Container: container.id });
    await container.start();
    return container;
  }

  const constraint = `--providers.docker.constraints=Label(\`${marker}\`,\`${tag}\`)`;
  return {
    docker,
    tag,
    constraint,
    flags: ['--providers.docker=true', '--providers.docker.exposedbydefault=false', constraint],
    start,
    createNetwork: (name, subnet) =>
      docker.createNetwork({
        Name: name,
        Labels: { [marker]: tag },
        ...(subnet === undefined ? {} : { IPAM: { Driver: 'default', Config: [{ Subnet: subnet }] } }),
      }),
    async [Symbol.asyncDispose]() {
      const filters = { label: [`${marker}=${tag}`] };
      const containers = await docker.listContainers({ all: true, filters });
      await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
      const networks = await docker.listNetworks({ filters });
      await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove()));
    },
  };
}
