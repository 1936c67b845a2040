// Sticky sessions: which cookie names which target, and what the cookie looks like. The expected values are Traefik's own,
// from its tests and from Go's hash/fnv.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { cookieOf } from '../../../../src/data-plane/exchange/cookie-of.ts';
import { rewriteResponse } from '../../../../src/data-plane/exchange/rewrite-response.ts';
import { createSticky } from '../../../../src/data-plane/exchange/sticky.ts';
import { type Exchange, reserveCookies } from '../../../../src/data-plane/middlewares/exchange.ts';
import type { StickyCookie } from '../../../../src/model/sticky-cookie.ts';
import { type HeadDraft, makeExchange } from '../make-exchange.ts';

const plain: StickyCookie = {
  name: 'stay',
  secure: false,
  httpOnly: false,
  maxAge: 0,
  path: '/',
  domain: '',
};
const [first, second] = ['http://10.0.0.1:80', 'http://10.0.0.2:80'].map((url) => ({ url })) as [
  Named,
  Named,
];
type Named = { readonly url: string };
const targets = [first, second];
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
const stickyOf = (cookie: Partial<StickyCookie> = {}) =>
  createSticky<Named>({ ...plain, ...cookie }, 's@docker', ({ url }) => url);

function exchangeOf(draft: HeadDraft = {}): Exchange {
  const exchange = makeExchange(draft);
  reserveCookies(exchange);
  return exchange;
}

/** What a client with this cookie is sent to, and the cookies that it gets. */
function ask(cookie: string | undefined, sticky = stickyOf()) {
  const exchange = exchangeOf(cookie === undefined ? {} : { fields: { Cookie: cookie } });
  const found = sticky.find(exchange, targets);
  const fields: string[] = [];
  rewriteResponse(exchange, fields);
  return { found, fields };
}

/** The cookie of an answer. */
function cookieFor(cookie: Partial<StickyCookie>): string {
  const exchange = exchangeOf();
  stickyOf(cookie).keep(exchange, first);
  const fields: string[] = [];
  rewriteResponse(exchange, fields);
  assert.equal(fields[0], 'Set-Cookie');
  assert.equal(fields.length, 2);
  return fields[1] ?? '';
}

test('a client without the cookie, or with one of nobody, is not known', () => {
  for (const cookie of [undefined, 'other=x', `xstay=${sha256(first.url)}`, 'stay=', 'stay=gone']) {
    assert.deepEqual(ask(cookie), { found: undefined, fields: [] });
  }
});

test('the cookie of today names its target and stays as it is', () => {
  assert.deepEqual(ask(`stay=${sha256(second.url)}`), { found: second, fields: [] });
});

test('cookies of earlier versions of Traefik name their target and are replaced', () => {
  // FNV-1 of the URL, and FNV-1 of that (Go: fnv.New64, strconv.FormatUint base 16).
  const fnv = (text: string): string => {
    let value = 14695981039346656037n;
    for (const byte of Buffer.from(text)) value = ((value * 1099511628211n) % 2n ** 64n) ^ BigInt(byte);
    return value.toString(16);
  };
  assert.equal(fnv('a'), 'af63bd4c8601b7be', 'as the reference implementation has it');
  const renewed = { found: second, fields: ['Set-Cookie', `stay=${sha256(second.url)}; Path=/`] };
  for (const value of [second.url, fnv(second.url), fnv(fnv(second.url))]) {
    assert.deepEqual(ask(`stay=${value}`), renewed);
  }
});

test('what is not among the targets is not found, whoever was there before', () => {
  const sticky = stickyOf();
  const exchange = exchangeOf({ fields: { Cookie: `stay=${sha256(second.url)}` } });
  assert.equal(sticky.find(exchange, targets), second);
  assert.equal(sticky.find(exchange, [first]), undefined);
  assert.equal(sticky.find(exchange, targets), second);
});

test('attributes come in the order of Go, and only those that are set', () => {
  const value = `stay=${sha256(first.url)}`;
  assert.equal(cookieFor({}), `${value}; Path=/`);
  assert.equal(cookieFor({ path: '' }), value);
  assert.equal(cookieFor({ maxAge: -1 }), `${value}; Path=/; Max-Age=0`);
  assert.equal(
    cookieFor({
      secure: true,
      httpOnly: true,
      sameSite: 'none',
      maxAge: 42,
      path: '/foo',
      domain: 'foo.com',
    }),
    `${value}; Path=/foo; Domain=foo.com; Max-Age=42; HttpOnly; Secure; SameSite=None`,
  );
});

test('a cookie without a name of its own is called after the service', () => {
  const { name: _, ...nameless } = plain;
  const exchange = exchangeOf();
  createSticky<Named>(nameless, 's@docker', ({ url }) => url).keep(exchange, first);
  const name = `_${createHash('sha1').update('_TRAEFIK_BACKEND_s@docker').digest('hex')}`.slice(0, 6);
  assert.deepEqual([...(exchange.cookies?.keys() ?? [])], [name]);
});

test('of two targets that a client is sent to in a row the last one is named', () => {
  const exchange = exchangeOf();
  const sticky = stickyOf();
  sticky.keep(exchange, first);
  sticky.keep(exchange, second);
  const fields = ['Set-Cookie', 'own=1'];
  rewriteResponse(exchange, fields);
  assert.deepEqual(fields, ['Set-Cookie', 'own=1', 'Set-Cookie', `stay=${sha256(second.url)}; Path=/`]);
});

test('cookies are read as Go reads them', () => {
  const read = (...lines: readonly string[]) =>
    cookieOf(
      lines.flatMap((line) => ['cookie', line]),
      'a',
    );
  assert.equal(read('a=1'), '1');
  assert.equal(read('b=0; a=1; a=2'), '1');
  assert.equal(read('b=0;a="1"'), '1');
  assert.equal(read('b=0', ' \ta=1 '), '1');
  assert.equal(read('aa=1; ba=2; a; =3'), undefined);
  assert.equal(read('a=; b=1'), '');
  assert.equal(read('a=x=y'), 'x=y');
  assert.equal(read(''), undefined);
});
