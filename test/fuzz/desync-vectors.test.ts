// Every vector through the whole gateway, in both settings of the lanes: none becomes two requests, none arrives with a
// doubtful framing, and the two settings forward the same requests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendInBothSettings } from '../support/send-vector.ts';
import { vectors } from './desync-vectors.ts';

/** They mostly wait. */
const atOnce = 16;

test(`${vectors.length} requests that servers have read in two ways`, async () => {
  const failures: string[] = [];
  const waiting = [...vectors];
  const work = async (): Promise<void> => {
    for (let vector = waiting.pop(); vector !== undefined; vector = waiting.pop()) {
      await sendInBothSettings(vector.bytes).catch(({ message }: Error) => {
        failures.push(`${vector?.name}: ${message}`);
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  assert.deepEqual(failures, []);
});
