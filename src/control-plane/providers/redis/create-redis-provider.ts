// The Redis provider: reads Traefik's keys, and reads them again when the server tells of a change (keyspace notifications,
// where they are switched on) or every few seconds.
import { Redis } from 'ioredis';
import { createBackoff } from '../../../lib/backoff.ts';
import { sortedTable, withChanges } from '../../../lib/sorted-table.ts';
import type { RedisProvider } from '../../../model/startup.ts';
import type { Declarations } from '../../../rules/declare/declarations.ts';
import { declareTree } from '../../../rules/declare/declare-tree.ts';
import { fileFields } from '../../../rules/declare/dynamic-schema.ts';
import { createFilePlaces } from '../../../rules/declare/file-places.ts';
import { type KeyPair, spellKey, toKeyTree } from '../../../rules/declare/key-tree.ts';
import { mergeDeclarations } from '../../../rules/declare/merge-declarations.ts';
import { createChangeNotice } from '../change-notice.ts';
import { pause } from '../pause.ts';
import type { Provider, ProviderIo } from '../provider.ts';
import { createSourceState, type SourceFault } from '../report-state.ts';
import { escapeGlob, readKeys } from './read-keys.ts';
import { toRedisOptions } from './redis-options.ts';

/** Stands behind the @ of names. */
const providerName = 'redis';

/** Lengths of time, in milliseconds. */
export type RedisProviderTimes = {
  /** Keys are read when none has changed for so long, at most the second: an object has several keys. */
  readonly quietMs: number;
  readonly maxQuietMs: number;
  /** Between two readings without any notice: most servers send none. */
  readonly pollMs: number;
  /** The first pause before a reconnection, and the longest. */
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
};

const defaultTimes: RedisProviderTimes = {
  quietMs: 50,
  maxQuietMs: 1_000,
  pollMs: 5_000,
  firstRetryMs: 100,
  maxRetryMs: 5_000,
};

/** Creates the provider; nothing happens before `start`. */
export function createRedisProvider(
  io: ProviderIo & {
    readonly options: RedisProvider;
    /** Only tests set them. */
    readonly times?: Partial<RedisProviderTimes>;
  },
): Provider {
  const { options, onConfig } = io;
  const times = { ...defaultTimes, ...io.times };
  const closing = new AbortController();
  const state = createSourceState(providerName, io);
  const declare = createKeyDeclarer(options.rootKey);
  const notice = createChangeNotice(times);
  let running: Promise<void> | undefined;
  let last: readonly KeyPair[] | undefined;
  let sent: unknown;

  const publish = (): void => {
    if (last === undefined) return;
    const config = state.withLoss(declare(last));
    if (config !== sent) onConfig(config);
    sent = config;
  };

  /** One connection, from its opening to its loss, which is thrown. */
  const follow = async (onRead: () => void): Promise<void> => {
    const redis = new Redis(toRedisOptions(options));
    const listener = new Redis(toRedisOptions(options));
    const lost = new AbortController();
    const either = AbortSignal.any([closing.signal, lost.signal]);
    for (const client of [redis, listener]) {
      client.on('error', (error: Error) => lost.abort(error));
      client.on('end', () => lost.abort(new Error('The connection was closed.')));
    }
    listener.on('pmessage', notice.notify);
    try {
      await Promise.all([redis.connect(), listener.connect()]);
      await listener.psubscribe(`__keyspace@${options.db}__:${escapeGlob(options.rootKey)}/*`);
      while (!closing.signal.aborted) {
        lost.signal.throwIfAborted();
        notice.begin();
        const pairs = await readKeys(redis, options.rootKey);
        if (closing.signal.aborted) return;
        last = pairs;
        onRead();
        state.up();
        publish();
        await notice.next(times.pollMs, either);
      }
    } catch (error) {
      // What the connection says of its end tells more than the command that failed for it.
      throw lost.signal.aborted ? lost.signal.reason : error;
    } finally {
      redis.disconnect();
      listener.disconnect();
    }
  };

  const run = async (): Promise<void> => {
    state.connecting();
    const backoff = createBackoff({ firstMs: times.firstRetryMs, maxMs: times.maxRetryMs });
    while (!closing.signal.aborted) {
      try {
        await follow(backoff.reset);
      } catch (error) {
        if (closing.signal.aborted) return;
        if (state.down(explain(error, options), error)) publish();
      }
      await pause(backoff.next(), closing.signal);
    }
  };

  return {
    start() {
      running ??= run();
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}

function createKeyDeclarer(root: string) {
  const source = {
    provider: providerName,
    name: providerName,
    since: Date.now(),
    spell: (path: readonly string[]) => spellKey(root, path),
  };
  const nowhere = createFilePlaces(providerName, []);
  let read = '';
  let merged: ReturnType<typeof mergeDeclarations> | undefined;
  return (pairs: readonly KeyPair[]) => {
    const content = JSON.stringify(pairs);
    if (merged !== undefined && content === read) return merged;
    read = content;
    const declared = declareTree(toKeyTree(pairs, fileFields), nowhere, source);
    const table = withChanges(sortedTable<Declarations>(), [[providerName, declared]]);
    merged = mergeDeclarations(providerName, table, merged, 'first');
    return merged;
  };
}

function explain(error: unknown, { endpoints }: RedisProvider): SourceFault {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  const text = error instanceof Error && error.message !== '' ? error.message : String(code ?? error);
  return {
    message: `The Redis server at ${endpoints.join(', ')} cannot be read: ${text.replace(/\.?$/, '.')}`,
    hint: /NOAUTH|WRONGPASS|NOPERM/.test(text)
      ? 'Set providers.redis.username and providers.redis.password, and let that user read and subscribe.'
      : 'Look at the server; the gateway keeps trying.',
  };
}
