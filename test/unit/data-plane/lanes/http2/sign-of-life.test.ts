import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignOfLife } from '../../../../../src/data-plane/lanes/http2/sign-of-life.ts';

/** A client that is asked `asked` times, and answers when the test says so. */
function client() {
  const answers: (() => void)[] = [];
  const session = {
    socket: { bytesRead: 0 },
    ping(onAnswer: () => void): boolean {
      answers.push(onAnswer);
      return true;
    },
  };
  return {
    session,
    asked: () => answers.length,
    says: (bytes: number) => {
      session.socket.bytesRead += bytes;
    },
    answers() {
      session.socket.bytesRead += 17;
      answers.at(-1)?.();
    },
  };
}

test('a client that never says anything is gone after a minute', () => {
  const { session, asked } = client();
  const life = new SignOfLife(session, 0);
  assert.equal(asked(), 1);
  assert.equal(life.isHeard(59_999), true);
  assert.equal(life.isHeard(60_000), false);
  assert.equal(asked(), 1);
});

test('a client that answers is asked again after 30 s of silence, and stays', () => {
  const { session, asked, answers } = client();
  const life = new SignOfLife(session, 0);
  answers();
  assert.equal(life.isHeard(1_000), true);
  assert.equal(life.isHeard(30_999), true);
  assert.equal(asked(), 1);
  assert.equal(life.isHeard(31_000), true);
  assert.equal(asked(), 2);
  answers();
  assert.equal(life.isHeard(61_000), true);
  assert.equal(life.isHeard(90_000), true);
  assert.equal(asked(), 2);
});

test('a client that answered once and then vanished is gone a minute after its last word', () => {
  const { session, answers } = client();
  const life = new SignOfLife(session, 0);
  answers();
  assert.equal(life.isHeard(5_000), true);
  assert.equal(life.isHeard(40_000), true);
  assert.equal(life.isHeard(64_999), true);
  assert.equal(life.isHeard(65_000), false);
});

test('whatever comes is a sign of life, also while an answer is owed', () => {
  const { session, asked, says } = client();
  const life = new SignOfLife(session, 0);
  for (let now = 50_000; now <= 500_000; now += 50_000) {
    says(1);
    assert.equal(life.isHeard(now), true);
  }
  assert.equal(asked(), 1);
  assert.equal(life.isHeard(560_000), false);
});

test('a client that could not be asked is not taken for gone', () => {
  const life = new SignOfLife({ socket: { bytesRead: 0 }, ping: () => false }, 0);
  assert.equal(life.isHeard(600_000), true);
});
