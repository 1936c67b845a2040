// What a consent changes in the request, and what a client cannot forge.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTakeConsent } from '../../../../../src/data-plane/middlewares/forward-auth/take-consent.ts';
import { joinedFieldOf } from '../../../../../src/lib/header-fields.ts';
import { makeExchange } from '../../make-exchange.ts';

test('listed fields of the answer replace the client’s, in all spellings, also where the answer has none', () => {
  const take = compileTakeConsent({
    authResponseHeaders: ['x-user', 'X-Groups', 'Content-Length', 'Connection'],
  });
  const exchange = makeExchange({
    method: 'POST',
    fields: { 'X-User': 'forged', X_GROUPS: 'forged', 'X-Groups': 'forged', 'Content-Length': '5' },
  });
  take(exchange.fields, [
    'X-User',
    'a',
    'X-User',
    'b',
    'Content-Length',
    '0',
    'Connection',
    'close',
    'X-Other',
    '1',
  ]);
  const of = (name: string) => joinedFieldOf(exchange.fields, name);
  assert.equal(of('x-user'), 'a, b');
  assert.equal(of('x-groups'), undefined);
  assert.equal(of('x_groups'), undefined);
  assert.equal(of('content-length'), '5', 'the framing is the request’s own');
  assert.equal(of('connection'), undefined);
  assert.equal(of('x-other'), undefined);
});

test('a regexp sees names as Go spells them', () => {
  const take = compileTakeConsent({ authResponseHeadersRegex: '^X-Auth-' });
  const exchange = makeExchange({
    fields: { 'x-auth-user': 'forged', X_Auth_Id: 'forged', 'X-Authority': '1' },
  });
  take(exchange.fields, ['x-auth-user', 'a', 'Content-Length', '9']);
  const of = (name: string) => joinedFieldOf(exchange.fields, name);
  assert.equal(of('x-auth-user'), 'a');
  assert.equal(of('x_auth_id'), undefined);
  assert.equal(of('x-authority'), '1');
});

test('a regexp for everything leaves the framing and the hops alone', () => {
  const take = compileTakeConsent({ authResponseHeadersRegex: '.*' });
  const exchange = makeExchange({ method: 'POST', fields: { 'Content-Length': '5', 'X-A': '1' } });
  take(exchange.fields, ['Content-Length', '0', 'Transfer-Encoding', 'chunked', 'X-B', '2']);
  const of = (name: string) => joinedFieldOf(exchange.fields, name);
  assert.equal(of('content-length'), '5');
  assert.equal(of('transfer-encoding'), undefined);
  assert.equal(of('x-berth-hops'), '1');
  assert.equal(of('x-a'), undefined);
  assert.equal(of('x-b'), '2');
});

test('named cookies come from the answer and never from the service', () => {
  const take = compileTakeConsent({ addAuthCookiesToResponse: ['session'] });
  const rewritten = (answer: readonly string[]) => {
    const exchange = makeExchange();
    const fields = ['Set-Cookie', 'session=service', 'Set-Cookie', 'other=service'];
    take(exchange.fields, answer)?.(exchange, { fields });
    return fields;
  };
  assert.deepEqual(rewritten(['Set-Cookie', 'session=auth; Path=/', 'Set-Cookie', 'other=auth']), [
    'Set-Cookie',
    'other=service',
    'Set-Cookie',
    'session=auth; Path=/',
  ]);
  // As in Traefik: an answer without cookies changes nothing.
  assert.equal(rewritten([]).length, 4);
});
