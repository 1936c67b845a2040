// Made-up byte streams, in pieces, through the whole gateway in both settings of the lanes: what reaches the replica are
// requests that llhttp reads in what the client sent, each once and with its own body, and the same in both settings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendInBothSettings } from '../support/send-vector.ts';
import { cut, seeded } from './choices.ts';
import { generateRequests } from './requests.ts';

const streams = 100;
const atOnce = 8;
const seeds = [4, 2026];
/** Bytes one by one are for the parsers alone. */
const maxPieces = 40;

for (const seed of seeds) {
  test(`no stream of bytes becomes other requests than it holds (seed ${seed})`, async () => {
    const failures: string[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < streams) {
        // A seed of its own for each, so that what fails is found again whatever else ran beside it.
        const choices = seeded(seed * streams + next++);
        const bytes = generateRequests(choices);
        const pieces = cut(choices, bytes);
        const some = [...pieces.slice(0, maxPieces), Buffer.concat(pieces.slice(maxPieces))];
        await sendInBothSettings(bytes.toString('latin1'), some).catch((error: Error) => {
          failures.push(`${JSON.stringify(bytes.toString('latin1'))}: ${error.message}`);
        });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    assert.deepEqual(failures, []);
  });
}
