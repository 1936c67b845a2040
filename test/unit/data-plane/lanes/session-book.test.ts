// The sessions of UDP clients: bounded, and whose place a newcomer gets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BookedSession, createSessionBook } from '../../../../src/data-plane/lanes/udp/session-book.ts';

function setUp(maxSessions: number) {
  const book = createSessionBook<BookedSession>(maxSessions);
  const ended: string[] = [];
  const enter = (client: string): boolean => {
    if (!book.makeRoom()) return false;
    const end = (): void => {
      ended.push(client);
      book.remove(client);
    };
    book.add(client, { isProven: false, end });
    return true;
  };
  const prove = (client: string): void => {
    const session = book.find(client) ?? assert.fail();
    book.prove(client, session);
  };
  return { book, ended, enter, prove };
}

test('a newcomer takes the place of the oldest session that has proven nothing', () => {
  const { book, ended, enter, prove } = setUp(3);
  for (const client of ['a', 'b', 'c']) assert.ok(enter(client));
  prove('a');
  assert.ok(enter('d'));
  assert.ok(enter('e'));
  assert.deepEqual(ended, ['b', 'c']);
  assert.ok(book.find('a')?.isProven);
  assert.equal(book.size, 3);
});

test('there is no place where all have proven themselves, until one of them ends', () => {
  const { book, ended, enter, prove } = setUp(2);
  for (const client of ['a', 'b']) {
    enter(client);
    prove(client);
  }
  assert.equal(enter('c'), false);
  assert.deepEqual(ended, []);
  book.find('a')?.end();
  assert.ok(enter('c'));
  assert.equal([...book.all()].length, 2);
});
