// Debian and Ubuntu packages: gets what is missing, as root, after saying so.
import { existsSync, readFileSync } from 'node:fs';
import { capture, run, Stop, say } from './say.mjs';

/** Installs packages with apt-get. `why` completes the sentence "… is needed for …". */
export function installDebian(packages, why) {
  const manual = `sudo apt-get install ${packages.join(' ')}`;
  if (!isDebian()) {
    throw new Stop(
      `${packages.join(', ')}: needed ${why}. This machine is not Debian or Ubuntu, so please install it by hand.`,
    );
  }
  if (process.getuid?.() !== 0)
    throw new Stop(`${packages.join(', ')}: needed ${why}. Please run: ${manual}`);
  say(`• installing Debian packages ${why}: ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-q'];
  run('apt-get', [...wait, 'update'], { env, stdio: 'ignore' });
  run('apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...packages], {
    env,
    stdio: ['ignore', 'ignore', 2],
  });
}

/** Whether a program is on the PATH. */
export const has = (program) => capture('sh', ['-c', `command -v ${program}`]) !== undefined;

function isDebian() {
  if (!existsSync('/etc/os-release') || !has('apt-get')) return false;
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
}
