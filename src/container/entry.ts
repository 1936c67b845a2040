// Entry point of the image. It starts as root only to learn which group may open the Docker socket; then it becomes the
// user `node` with that one group, and the gateway runs. The socket is root's power over the host, so the process that
// talks to the network keeps nothing else of root.
import { readFileSync, statSync } from 'node:fs';

const socket = '/var/run/docker.sock';
/** Below this port only root may listen. Docker sets it to 0 in containers, but not on the host's network. */
const unprivilegedPorts = '/proc/sys/net/ipv4/ip_unprivileged_port_start';

if (process.getuid?.() === 0 && Number(read(unprivilegedPorts) ?? 1024) <= 80) {
  const group = statSync(socket, { throwIfNoEntry: false })?.gid;
  process.setgroups?.(group === undefined ? [] : [group]);
  process.setgid?.('node');
  process.setuid?.('node');
}
await import('../main.ts');

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
