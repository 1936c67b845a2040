// A thread that takes tokens until there are none, and says how many it got.
import { parentPort, workerData } from 'node:worker_threads';
import { createLimits } from '../../../../src/data-plane/live-state/limits.ts';
import type { SharedLimits } from '../../../../src/model/messages.ts';

const { shared, writer } = workerData as { readonly shared: SharedLimits; readonly writer: number };
const limits = createLimits(shared, writer);
const bucket = { interval: 3_600_000_000_000n, burst: 2_000n, maxDelay: 0n };
let taken = 0;
while (limits.take('limit', 'source', bucket) <= 0n) taken += 1;
parentPort?.postMessage(taken);
