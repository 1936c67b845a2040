// What the server that decides is told, by the three ways of trustForwardHeader.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileAuthFields } from '../../../../../src/data-plane/middlewares/forward-auth/auth-fields.ts';
import { fieldOf, joinedFieldOf } from '../../../../../src/lib/header-fields.ts';
import type { ForwardAuthOptions } from '../../../../../src/model/middlewares/forward-auth.ts';
import { type HeadDraft, makeExchange } from '../../make-exchange.ts';

type Options = Omit<ForwardAuthOptions, 'address'>;

/** As they come from a client that is believed: the entry point has taken nothing away. */
function tell(options: Options, draft: HeadDraft = {}, given: readonly string[] = []) {
  const exchange = makeExchange(draft);
  exchange.fields.push(...given);
  const before = structuredClone(exchange.fields);
  const fields = compileAuthFields(options)(exchange);
  assert.deepEqual(exchange.fields, before, 'the request is not changed');
  return (name: string) => joinedFieldOf(fields, name);
}

const forged = [
  ...['X-Forwarded-Uri', '/forged', 'X-Forwarded-Method', 'HEAD', 'X-Forwarded-For', '198.51.100.1'],
  ...['X-Forwarded-Prefix', '/p', 'X_Forwarded_Prefix', '/q', 'Cookie', 'a=1'],
];

test('without trustForwardHeader what came is replaced, and the rest goes through', () => {
  const told = tell({}, { target: '/a?b', method: 'POST', isTls: true, host: 'a.test:8443' }, forged);
  assert.equal(told('x-forwarded-uri'), '/a?b');
  assert.equal(told('x-forwarded-method'), 'POST');
  assert.equal(told('x-forwarded-for'), '192.0.2.7');
  assert.equal(told('x-forwarded-proto'), 'https');
  assert.equal(told('x-forwarded-host'), 'a.test:8443');
  assert.equal(told('x-forwarded-prefix'), '/p');
  assert.equal(told('cookie'), 'a=1');
});

test('with true what came is believed, and the client added', () => {
  const told = tell({ trustForwardHeader: true }, { target: '/a' }, forged);
  assert.equal(told('x-forwarded-uri'), '/forged');
  assert.equal(told('x-forwarded-method'), 'HEAD');
  assert.equal(told('x-forwarded-for'), '198.51.100.1, 192.0.2.7');
  assert.equal(told('x-forwarded-prefix'), '/p');
  assert.equal(told('x-forwarded-port'), '80');
});

test('with false nothing that came is told, in no spelling', () => {
  const told = tell({ trustForwardHeader: false }, { target: '/a', host: 'a.test:81' }, forged);
  assert.equal(told('x-forwarded-uri'), '/a');
  assert.equal(told('x-forwarded-for'), '192.0.2.7');
  assert.equal(told('x-forwarded-prefix'), undefined);
  assert.equal(told('x_forwarded_prefix'), undefined);
  assert.equal(told('x-real-ip'), undefined);
  assert.equal(told('x-forwarded-port'), '81');
});

test('authRequestHeaders are all that is told, besides what the gateway says itself', () => {
  for (const trustForwardHeader of [undefined, true, false]) {
    const options: Options = {
      authRequestHeaders: ['cookie', 'X-Missing'],
      ...(trustForwardHeader === undefined ? {} : { trustForwardHeader }),
    };
    const told = tell(options, { fields: { 'X-Other': '1' } }, forged);
    assert.equal(told('cookie'), 'a=1');
    assert.equal(told('x-other'), undefined);
    assert.equal(told('x-forwarded-host'), 'example.com');
    assert.equal(told('x-berth-hops'), '1', 'a question that goes round is known by it');
    assert.equal(told('x-forwarded-prefix'), trustForwardHeader === true ? '/p' : undefined);
  }
});

test('nothing of the request’s body is told', () => {
  const draft = { method: 'POST', fields: { 'Content-Length': '5', TE: 'trailers' } };
  assert.equal(tell({}, draft)('content-length'), undefined);
  assert.equal(tell({}, draft)('te'), undefined);
  assert.equal(tell({ preserveRequestMethod: true }, draft)('content-length'), '0');
  assert.equal(tell({ preserveRequestMethod: true }, { method: 'DELETE' })('content-length'), undefined);
  assert.equal(fieldOf(compileAuthFields({})(makeExchange()), 'user-agent'), undefined);
});
