// Secrets are taken out by what the schema says, whatever the option is called.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redact } from '../../../../src/control-plane/api/redact.ts';
import { toSafeJson } from '../../../../src/control-plane/api/safe-json.ts';
import { fieldInfo, optional, section, text, textList, textMap } from '../../../../src/model/fields.ts';
import { middlewareSchemas } from '../../../../src/model/middlewares/catalog.ts';

const secret = { description: 'd', secret: true };
const open = { description: 'd' };
const schema = section(
  {
    password: optional(text(secret)),
    users: optional(textList(secret)),
    headers: optional(textMap(secret)),
    name: optional(text(open)),
    inner: optional(section({ token: optional(text(secret)), path: optional(text(open)) }, open)),
  },
  open,
);

describe('redaction', () => {
  it('hides values at every depth and keeps the names of header fields', () => {
    const value = {
      password: 'x',
      users: ['a:b', 'c:d'],
      headers: { 'X-Key': 'x' },
      name: 'shown',
      inner: { token: 'x', path: '/shown' },
    };
    assert.deepEqual(redact(schema, value), {
      password: '<redacted>',
      users: ['<redacted>', '<redacted>'],
      headers: { 'X-Key': '<redacted>' },
      name: 'shown',
      inner: { token: '<redacted>', path: '/shown' },
    });
    assert.equal(value.inner.token, 'x', 'the original is not touched');
  });

  it('leaves out what the schema does not know: nobody has said that it may be shown', () => {
    assert.deepEqual(redact(schema, { name: 'a', surprise: 'x', constructor: 'x' }), { name: 'a' });
  });

  it('covers the options of middlewares that carry credentials', () => {
    const marked = Object.values(middlewareSchemas).flatMap((options) =>
      Object.entries(options.properties)
        .filter(([, field]) => fieldInfo(field).secret === true)
        .map(([name]) => name),
    );
    for (const name of ['users', 'customRequestHeaders', 'customResponseHeaders']) {
      assert.ok(marked.includes(name), name);
    }
  });
});

describe('JSON for browsers', () => {
  it('holds no character that begins markup and reads back the same', () => {
    const value = { '</script>': ['<!--', '&amp;', '\u2028\u2029', '"\\'] };
    const json = toSafeJson(value);
    assert.doesNotMatch(json, /[<>&\u2028\u2029]/);
    assert.deepEqual(JSON.parse(json), value);
  });
});
