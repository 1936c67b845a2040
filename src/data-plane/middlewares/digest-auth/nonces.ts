// Nonces of digestAuth (RFC 7616 §5.4). A nonce is a time with a seal on it, so that any worker, and any later version of the
// configuration, knows it again without anybody keeping a list.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Limits } from '../../live-state/limits.ts';

/** Gives nonces, and says of those that come back whether they still count. Times are those of process.hrtime. */
export type Nonces = {
  create(now: bigint): string;
  /**
   * `used`: too old, or this count has been seen with it; the client is told that its password is not the reason. `foreign`: not
   * one of ours. A count that is fresh is taken.
   */
  take(nonce: string, count: number, now: bigint): 'fresh' | 'used' | 'foreign';
};

/** How long one may be used, in nanoseconds. Clients take a new one without asking anybody. */
const life = 5n * 60n * 1_000_000_000n;

const timeBytes = 8;
const saltBytes = 8;
const sealBytes = 16;

/** `name` is the middleware's, in which alone its nonces count. */
export function createNonces(name: string, limits: Pick<Limits, 'secret' | 'raise'>): Nonces {
  const seal = (sealed: Buffer): Buffer => {
    const hmac = createHmac('sha256', limits.secret).update(`digestAuth ${name} `).update(sealed);
    return hmac.digest().subarray(0, sealBytes);
  };

  return {
    create(now) {
      const time = Buffer.alloc(timeBytes);
      time.writeBigUInt64BE(now);
      const sealed = Buffer.concat([time, randomBytes(saltBytes)]);
      return Buffer.concat([sealed, seal(sealed)]).toString('base64url');
    },
    take(nonce, count, now) {
      const bytes = Buffer.from(nonce, 'base64url');
      if (bytes.length !== timeBytes + saltBytes + sealBytes) return 'foreign';
      const sealed = bytes.subarray(0, timeBytes + saltBytes);
      if (!timingSafeEqual(bytes.subarray(sealed.length), seal(sealed))) return 'foreign';
      const end = sealed.readBigUInt64BE() + life;
      if (now >= end) return 'used';
      // RFC 7616 §3.4.3: each use has a higher count, so a recorded request is worth nothing. The count is kept as some
      // nanoseconds after the end, which is known to all workers alike.
      return limits.raise(name, nonce, end + BigInt(count)) ? 'fresh' : 'used';
    },
  };
}
