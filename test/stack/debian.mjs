// Debian and Ubuntu packages: gets what is missing, as root, after saying so.
import { existsSync, readFileSync } from 'node:fs';
import { capture, run, Stop, say } from './say.mjs';

const wait = ['-o', 'DPkg::Lock::Timeout=300', '-q'];
const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };

/** Installs packages with apt-get. `why` completes the sentence "… needed for …". */
export function installDebian(packages, why) {
  const names = packages.join(' ');
  if (!isDebian()) {
    throw new Stop(
      `Missing, ${why}: ${names} (names of Debian). This machine is not Debian or Ubuntu, so please install it by hand.`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new Stop(
      `Missing, ${why}: ${names}. Please run this, then try again:\n  sudo apt-get install ${names}`,
    );
  }
  say(`• installing Debian packages ${why}: ${names}`);
  const install = [...wait, 'install', '-y', '--no-install-recommends', ...packages];
  // A mirror of which one part does not answer may still have what is wanted, so only the installation is decisive.
  if (capture('apt-get', [...wait, 'update'], { ...options, timeout: 300_000 }) === undefined) {
    say('  apt-get update failed; trying with the lists that are there');
  }
  run('apt-get', install, { ...options, stdio: ['ignore', 'ignore', 2] });
}

/** The first of these packages that the machine's lists know; the last when none is known. */
export function firstKnownPackage(names) {
  return names.find((name) => capture('apt-cache', ['show', name])) ?? names.at(-1);
}

/** Whether a program is on the PATH. */
export const has = (program) => capture('sh', ['-c', `command -v ${program}`]) !== undefined;

function isDebian() {
  if (!existsSync('/etc/os-release') || !has('apt-get')) return false;
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
}
