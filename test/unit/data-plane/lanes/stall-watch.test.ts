import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { createStallWatch } from '../../../../src/data-plane/lanes/stall-watch.ts';
import { until } from '../../../support/until.ts';

const limitMs = 60_000;

/** A socket to which `written` bytes were given, of which `queued` are with libuv and `buffered` are not done. */
function fakeSocket(written: number, queued: number, buffered: number) {
  return {
    isCut: false,
    bytesWritten: written + buffered,
    writableLength: buffered,
    _handle: { bytesWritten: written, writeQueueSize: queued },
    destroy() {
      this.isCut = true;
    },
  };
}

function watch(sockets: readonly ReturnType<typeof fakeSocket>[]) {
  const cut: unknown[] = [];
  const stalls = createStallWatch(
    () => sockets as unknown as Socket[],
    limitMs,
    (socket) => cut.push(socket),
  );
  return { ...stalls, cut };
}

describe('createStallWatch', () => {
  it('cuts a connection of which the kernel takes nothing, when its time is up and not before', () => {
    const socket = fakeSocket(1_000, 400, 700);
    closing(watch([socket]), ({ look, cut }) => {
      look(1_000);
      look(1_000 + limitMs - 1);
      assert.equal(socket.isCut, false);
      look(1_000 + limitMs);
      assert.equal(socket.isCut, true);
      assert.deepEqual(cut, [socket]);
    });
  });

  it('leaves a connection alone of which one byte is taken in that time, also within one write', () => {
    const socket = fakeSocket(1_000, 400, 700);
    closing(watch([socket]), ({ look }) => {
      for (let at = 0; at < 10; at++) {
        socket._handle.writeQueueSize -= 1;
        look(at * (limitMs - 1));
      }
      assert.equal(socket.isCut, false);
    });
  });

  it('counts only time in which something waits', () => {
    const socket = fakeSocket(1_000, 0, 0);
    closing(watch([socket]), ({ look }) => {
      look(0);
      look(10 * limitMs);
      socket.writableLength = 700;
      look(11 * limitMs);
      look(12 * limitMs - 1);
      assert.equal(socket.isCut, false);
      look(12 * limitMs);
      assert.equal(socket.isCut, true);
    });
  });

  it('knows what HTTP/2 writes, of which the socket itself tells nothing', () => {
    const socket = fakeSocket(1_000, 400, 0);
    closing(watch([socket]), ({ look }) => {
      look(0);
      // The same number waits, but of a later write.
      socket._handle.bytesWritten += 5_000;
      look(limitMs);
      assert.equal(socket.isCut, false);
      look(2 * limitMs);
      assert.equal(socket.isCut, true);
    });
  });

  it('sees on a real socket what the kernel takes of one large write', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).write(Buffer.alloc(64_000_000)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const accepted = once(server, 'connection');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
    const [socket] = (await accepted) as [Socket & { readonly _handle: { readonly writeQueueSize: number } }];
    const stalls = createStallWatch(
      () => [socket],
      limitMs,
      () => {},
    );
    try {
      const before = await settled(() => socket._handle.writeQueueSize);
      stalls.look(0);
      client.on('data', () => {
        if (socket._handle.writeQueueSize < before) client.pause();
      });
      client.resume();
      await until('the kernel has taken more', () => client.isPaused());
      const after = await settled(() => socket._handle.writeQueueSize);
      assert.ok(after > 0 && after < before, `${after} bytes of ${before} still wait`);
      stalls.look(limitMs);
      assert.equal(socket.destroyed, false);
      stalls.look(2 * limitMs);
      assert.equal(socket.destroyed, true);
    } finally {
      stalls.close();
      client.destroy();
      socket.destroy();
      server.close();
    }
  });
});

/** Waits until a number has stayed the same for a while, and gives it. */
async function settled(count: () => number): Promise<number> {
  let last = -1;
  let since = 0;
  await until('nothing changes', () => {
    const now = performance.now();
    if (count() !== last) since = now;
    last = count();
    return now - since > 300;
  });
  return last;
}

function closing(stalls: ReturnType<typeof watch>, body: (stalls: ReturnType<typeof watch>) => void): void {
  try {
    body(stalls);
  } finally {
    stalls.close();
  }
}
