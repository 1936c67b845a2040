// All keys below a root, with their values.
import type { Redis } from 'ioredis';
import type { KeyPair } from '../../../rules/declare/key-tree.ts';

/** Keys of one answer. */
const chunkLength = 500;

/** Without the root; keys that hold no text are left out. */
export async function readKeys(redis: Redis, root: string): Promise<readonly KeyPair[]> {
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', `${escapeGlob(root)}/*`, 'COUNT', chunkLength);
    for (const key of found) keys.add(key);
    cursor = next;
  } while (cursor !== '0');
  const sorted = [...keys].sort();
  const pairs: KeyPair[] = [];
  for (let start = 0; start < sorted.length; start += chunkLength) {
    const chunk = sorted.slice(start, start + chunkLength);
    for (const [index, value] of (await redis.mget(chunk)).entries()) {
      if (value !== null) pairs.push([(chunk[index] ?? '').slice(root.length + 1), value]);
    }
  }
  return pairs;
}

/** The root as it is, in a pattern of Redis. */
export function escapeGlob(text: string): string {
  return text.replace(/[*?[\]\\^]/g, '\\$&');
}
