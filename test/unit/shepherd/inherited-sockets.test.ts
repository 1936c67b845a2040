// Descriptors that a generation hands out to its workers.
import assert from 'node:assert/strict';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { createInheritedSockets } from '../../../src/shepherd/inherited-sockets.ts';

test('a worker gets one descriptor for each entry point, each only once, and nothing when one of them has run out', () => {
  const store = createInheritedSockets([
    { entryPoint: 'web', slots: [[4, 5], [6]] },
    { entryPoint: 'other', slots: [[7, 8], []] },
  ]);
  const both = ['web', 'other'];
  assert.deepEqual(store.take(0, both), new Map(Object.entries({ web: 4, other: 7 })));
  assert.deepEqual(store.take(0, both), new Map(Object.entries({ web: 5, other: 8 })));
  assert.equal(store.take(0, both), undefined);
  assert.equal(store.take(1, both), undefined);
  assert.deepEqual(store.take(1, ['web']), new Map([['web', 6]]), 'nothing was taken in vain');
});

test('what is left is closed', () => {
  const [used, left] = [openSync('/dev/null', 'r'), openSync('/dev/null', 'r')];
  const store = createInheritedSockets([{ entryPoint: 'web', slots: [[used, left]] }]);
  store.take(0, ['web']);
  store.close();
  assert.ok(fstatSync(used));
  assert.throws(() => fstatSync(left), /EBADF/);
  closeSync(used);
});
