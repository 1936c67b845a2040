// An image whose server listens a moment after its process starts, so that what is measured is the gateway: busybox's
// httpd alone in an image from scratch.
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const instantImage = 'berth-bench-instant';

/** Builds the image from the machine's static busybox. @throws when there is none, with what to install. */
export async function buildInstantImage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'instant-image-'));
  try {
    copyFileSync(findBusybox(), join(folder, 'busybox'));
    mkdirSync(join(folder, 'www'));
    writeFileSync(join(folder, 'www/index.html'), 'here\n');
    // As process 1 without a handler it ignores SIGTERM: it goes on serving until SIGKILL.
    const lines = [
      'FROM scratch',
      'COPY busybox /busybox',
      'COPY www /www',
      'EXPOSE 80',
      'CMD ["/busybox", "httpd", "-f", "-p", "80", "-h", "/www"]',
    ];
    writeFileSync(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
    await promisify(execFile)('docker', ['build', '-q', '-t', instantImage, folder]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function findBusybox(): string {
  try {
    return execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim();
  } catch (cause) {
    throw new Error('There is no busybox here: apt-get install busybox-static', { cause });
  }
}
