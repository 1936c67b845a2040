// Small WebSocket messages there and back: 64 tunnels, each sending its next message when the last came back.
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { runComparison, type Scenario } from './shared/comparison.ts';
import { median, percentile } from './shared/statistics.ts';
import { startScriptUpstream } from './shared/upstream.ts';
import { closeAll, openWebSockets } from './shared/websocket-client.ts';

/** A masked text frame of 32 bytes (RFC 6455 §5.2), mask 0. */
const frame = Buffer.concat([Buffer.of(0x81, 0x80 | 32, 0, 0, 0, 0), Buffer.alloc(32, 'm')]);

const scenario: Scenario = {
  name: 'websocket-echo',
  method:
    'messages of 32 bytes there and back over 64 WebSockets, one under way on each; client and upstream are Node and share the second core, so that the rate is theirs, and CPU is what compares gateways.',
  measures: [
    { name: 'cpu', label: 'CPU µs per message there and back', better: 'less' },
    { name: 'rate', label: 'messages/s', better: 'more' },
    { name: 'p50', label: 'p50 ms', better: 'less' },
    { name: 'p99', label: 'p99 ms', better: 'less' },
  ],
  upstream: () => startScriptUpstream('websocket.ts'),
  async load(target, seconds, { connections }) {
    const sockets = await openWebSockets(target, connections);
    const took: number[] = [];
    for (const socket of sockets) echo(socket, took);
    await pause(seconds * 1_000);
    await closeAll(sockets);
    const sorted = took.toSorted((one, other) => one - other);
    return {
      done: took.length,
      figures: { rate: took.length / seconds, p50: median(sorted), p99: percentile(sorted, 0.99) },
    };
  },
};

/** Sends without end; adds what each message took in milliseconds. */
function echo(socket: Socket, took: number[]): void {
  let missing = frame.length;
  let sentAt = performance.now();
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    missing -= bytes.length;
    if (missing > 0) return;
    took.push(performance.now() - sentAt);
    missing = frame.length;
    sentAt = performance.now();
    socket.write(frame);
  });
  socket.write(frame);
}

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
