// The owner of a stream hears all of it, as long as it is the owner.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { disownStream, ownStream, type StreamOwner } from '../../../src/lib/stream-owner.ts';

test('an owner of two streams hears which one it was', () => {
  const [one, other] = [new EventEmitter(), new EventEmitter()];
  const heard: unknown[][] = [];
  const owner = recordTo(heard);
  ownStream(one, owner);
  ownStream(other, owner);
  const bytes = Buffer.from('abc');
  const error = new Error('cut');
  one.emit('data', bytes);
  other.emit('drain');
  one.emit('end');
  other.emit('error', error);
  one.emit('close');
  assert.deepEqual(heard, [
    ['data', bytes, one],
    ['drain', other],
    ['end', one],
    ['error', error, other],
    ['close', one],
  ]);
});

test('a stream that was given away is heard by its new owner only', () => {
  const stream = new EventEmitter();
  const before: unknown[][] = [];
  const after: unknown[][] = [];
  ownStream(stream, recordTo(before));
  disownStream(stream);
  assert.deepEqual(stream.eventNames(), []);
  ownStream(stream, recordTo(after));
  stream.emit('end');
  assert.deepEqual(before, []);
  assert.deepEqual(after, [['end', stream]]);
});

function recordTo(heard: unknown[][]): StreamOwner<EventEmitter> {
  return {
    onData: (bytes, stream) => void heard.push(['data', bytes, stream]),
    onDrain: (stream) => void heard.push(['drain', stream]),
    onEnd: (stream) => void heard.push(['end', stream]),
    onError: (error, stream) => void heard.push(['error', error, stream]),
    onClose: (stream) => void heard.push(['close', stream]),
  };
}
