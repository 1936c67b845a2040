// Checks passwords against hashes of htpasswd: bcrypt, $apr1$ (Apache's MD5) and {SHA}. Comparisons take the same time
// whatever differs, and an unknown name costs as much as a known one, so that names cannot be guessed by the clock.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import apacheMd5 from 'apache-md5';
import { compare } from 'bcryptjs';
import type { Credentials } from './read-credentials.ts';

/** True at once or later: a promise only while a bcrypt hash is checked for the first time. */
export type Verifier = (credentials: Credentials) => boolean | Promise<boolean>;

/** Outcomes remembered, right and wrong ones apart: a flood of guesses must not push the right ones out. */
const maxRemembered = 1024;

/**
 * A verifier of one set of users. What it remembers lives as long as it does: changed users make a new one. It keeps
 * no password, only an HMAC under a key that is never stored.
 */
export function createVerifier(users: ReadonlyMap<string, string>): Verifier {
  const key = randomBytes(32);
  const right = new Set<string>();
  const wrong = new Set<string>();
  const pending = new Map<string, Promise<boolean>>();
  const [someHash = ''] = users.values();

  function remember(digest: string, isRight: boolean): boolean {
    const kept = isRight ? right : wrong;
    if (kept.size >= maxRemembered) {
      const [oldest] = kept;
      if (oldest !== undefined) kept.delete(oldest);
    }
    kept.add(digest);
    return isRight;
  }

  return ({ user, password }) => {
    const digest = createHmac('sha256', key).update(`${user}\0${password}`).digest('base64');
    if (right.has(digest)) return true;
    if (wrong.has(digest)) return false;
    const running = pending.get(digest);
    if (running !== undefined) return running;
    const hash = users.get(user);
    const outcome = matches(password, hash ?? someHash);
    if (typeof outcome === 'boolean') return remember(digest, outcome && hash !== undefined);
    const settled = outcome
      .then((isRight) => remember(digest, isRight && hash !== undefined))
      .finally(() => pending.delete(digest));
    pending.set(digest, settled);
    return settled;
  };
}

function matches(password: string, hash: string): boolean | Promise<boolean> {
  if (/^\$2[abxy]?\$/.test(hash)) return compare(password, hash).catch(() => false);
  if (hash.startsWith('$apr1$')) return isSame(apacheMd5(password, hash), hash);
  if (hash.startsWith('{SHA}')) {
    return isSame(`{SHA}${createHash('sha1').update(password).digest('base64')}`, hash);
  }
  return false;
}

function isSame(one: string, other: string): boolean {
  const left = Buffer.from(one);
  const right = Buffer.from(other);
  return left.length === right.length && timingSafeEqual(left, right);
}
