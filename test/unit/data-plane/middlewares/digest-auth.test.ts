// digestAuth: who is let through, and what a nonce is worth.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createLimits } from '../../../../src/data-plane/live-state/limits.ts';
import { compileDigestAuth } from '../../../../src/data-plane/middlewares/digest-auth/compile-digest-auth.ts';
import { createNonces } from '../../../../src/data-plane/middlewares/digest-auth/nonces.ts';
import { readDigestField } from '../../../../src/data-plane/middlewares/digest-auth/read-digest-field.ts';
import type { Answer } from '../../../../src/data-plane/middlewares/exchange.ts';
import { fieldOf } from '../../../../src/lib/header-fields.ts';
import { createSharedTable } from '../../../../src/lib/shared-table.ts';
import type { DigestAuthOptions } from '../../../../src/model/middlewares/digest-auth.ts';
import { makeExchange } from '../make-exchange.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const users = [`u:traefik:${md5('u:traefik:password')}`, `v:other:${md5('v:other:password')}`];
const io = {
  limits: createLimits(undefined, 0),
  readFile: () => `# of the house\n\nw:traefik:${md5('w:traefik:password')}\n`,
};

type Proof = {
  readonly user?: string;
  readonly password?: string;
  readonly realm?: string;
  readonly uri?: string;
  readonly nc?: string;
  readonly qop?: string;
  readonly algorithm?: string;
};

function proofOf(nonce: string, proof: Proof = {}): string {
  const { user = 'u', password = 'password', realm = 'traefik', uri = '/x?y', nc = '00000001' } = proof;
  const { qop = 'auth', algorithm } = proof;
  const response = md5(
    [md5(`${user}:${realm}:${password}`), nonce, nc, 'c', qop, md5(`GET:${uri}`)].join(':'),
  );
  const extra = algorithm === undefined ? '' : `, algorithm=${algorithm}`;
  return `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", qop=${qop}, nc=${nc}, cnonce="c", response="${response}"${extra}`;
}

function guard(options: DigestAuthOptions = { users }, name = 'm') {
  const handler = compileDigestAuth(options, io, name);
  const ask = (authorization?: string) => {
    const fields = authorization === undefined ? {} : { Authorization: authorization };
    const exchange = makeExchange({ target: '/x?y', fields });
    return { answer: handler(exchange) as Answer | undefined, exchange };
  };
  const challenge = (answer: Answer | undefined) => fieldOf(answer?.fields ?? [], 'www-authenticate') ?? '';
  const nonce = () => /nonce="([^"]+)"/.exec(challenge(ask().answer))?.[1] ?? '';
  return { ask, challenge, nonce };
}

test('a client is told what to prove, and let through when it has', () => {
  const { ask, challenge, nonce } = guard();
  const { answer } = ask();
  assert.equal(answer?.status, 401);
  assert.match(challenge(answer), /^Digest realm="traefik", nonce="[\w-]{43}", algorithm=MD5, qop="auth"$/);
  assert.equal(ask(proofOf(nonce())).answer, undefined);
  assert.equal(ask(proofOf(nonce(), { algorithm: 'MD5' })).answer, undefined);
});

const refused: readonly (readonly [string, Proof])[] = [
  ['a wrong password', { password: 'wrong' }],
  ['an unknown user', { user: 'x' }],
  ['a user of another realm', { user: 'v', realm: 'other' }],
  ['another target', { uri: '/' }],
  ['another algorithm', { algorithm: 'SHA-256' }],
  ['another quality of protection', { qop: 'auth-int' }],
  ['a count that is none', { nc: '1' }],
];
for (const [name, proof] of refused) {
  test(`is refused: ${name}`, () => {
    const { ask, challenge, nonce } = guard();
    const { answer } = ask(proofOf(nonce(), proof));
    assert.equal(answer?.status, 401);
    assert.doesNotMatch(challenge(answer), /stale/);
  });
}

test('a request that is shown again is stale, a higher count is not', () => {
  const { ask, challenge, nonce } = guard();
  const given = nonce();
  assert.equal(ask(proofOf(given)).answer, undefined);
  assert.match(challenge(ask(proofOf(given)).answer), /, stale=true$/);
  assert.equal(ask(proofOf(given, { nc: '0000000a' })).answer, undefined);
  assert.match(challenge(ask(proofOf(given, { nc: '00000009' })).answer), /stale=true/);
});

test('the user is named to the replica, whose own name for it nobody else can use', () => {
  const { ask, nonce } = guard({ usersFile: 'users', headerField: 'X-User', removeHeader: true });
  const { answer, exchange } = ask(proofOf(nonce(), { user: 'w' }));
  assert.equal(answer, undefined);
  assert.equal(fieldOf(exchange.fields, 'x-user'), 'w');
  assert.equal(fieldOf(exchange.fields, 'authorization'), undefined);
});

test('nonces count in all workers and after a change of the configuration, in their middleware alone, for five minutes', () => {
  const shared = { table: createSharedTable(2, 64), secret: 'secret' };
  const one = createNonces('m', createLimits(shared, 0));
  const other = createNonces('m', createLimits(shared, 1));
  const now = process.hrtime.bigint();
  const nonce = one.create(now);
  assert.equal(other.take(nonce, 1, now), 'fresh');
  assert.equal(one.take(nonce, 1, now), 'used');
  assert.equal(createNonces('n', createLimits(shared, 0)).take(nonce, 2, now), 'foreign');
  assert.equal(createNonces('m', createLimits({ ...shared, secret: 'x' }, 0)).take(nonce, 2, now), 'foreign');
  assert.equal(one.take(nonce, 2, now + 299n * 1_000_000_000n), 'fresh');
  assert.equal(one.take(nonce, 3, now + 301n * 1_000_000_000n), 'used');
  for (const bad of ['', 'x', `${nonce}AA`, nonce.slice(1)]) assert.equal(one.take(bad, 1, now), 'foreign');
});

test('fields of the Digest scheme are read, and what is malformed is not', () => {
  const read = (field: string) => {
    const found = readDigestField(field);
    return found === undefined ? undefined : Object.fromEntries(found);
  };
  assert.deepEqual(read('digest a="b", c=d ,E = "f\\"g\\\\"'), { a: 'b', c: 'd', e: 'f"g\\' });
  assert.deepEqual(read('Digest '), {});
  for (const bad of [
    'Basic a=b',
    'Digest a',
    'Digest a="b',
    'Digest a=b, a=c',
    'Digest =b',
    'Digest a="\\"',
  ]) {
    assert.equal(read(bad), undefined, bad);
  }
  assert.equal(readDigestField(undefined), undefined);
});
