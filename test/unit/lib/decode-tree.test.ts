import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { decodeTree } from '../../../src/lib/decode-tree.ts';
import { toFieldTree } from '../../../src/lib/field-tree.ts';
import { redirectSchemeSchema } from '../../../src/model/middlewares/redirect-scheme.ts';
import { startupConfigSchema } from '../../../src/model/startup-config.ts';

const tree = toFieldTree(startupConfigSchema);

function decode(yaml: string) {
  return decodeTree(parse(yaml), tree, [], { mode: 'traefik' });
}

describe('decodeTree', () => {
  it('reads a configuration file with scalars of any type, in any case', () => {
    const { value, faults } = decode(`
entrypoints:
  web: { address: ":80", transport: { respondingTimeouts: { readTimeout: 0, idleTimeout: 3m } } }
providers: { docker: { exposedByDefault: "false" } }
api: {}
ping: true
accessLog:
metrics: { prometheus: { buckets: [0.1, "2"] } }
`);
    assert.deepEqual(faults, []);
    assert.deepEqual(value, {
      entryPoints: {
        web: { address: ':80', transport: { respondingTimeouts: { readTimeout: 0, idleTimeout: 180_000 } } },
      },
      providers: { docker: { exposedByDefault: false } },
      api: {},
      ping: {},
      accessLog: {},
      metrics: { prometheus: { buckets: ['0.1', '2'] } },
    });
  });

  const refused: [name: string, yaml: string, fault: string[], hint: RegExp][] = [
    [
      'unknown keys',
      'api: { insecur: true }',
      ['unknown-key', 'error', 'api.insecur'],
      /Did you mean api\.insecure\?/,
    ],
    ['wrong scalars', 'api: { insecure: 5 }', ['wrong-type', 'error', 'api.insecure'], /true or false/],
    ['tables for scalars', 'api: { insecure: {} }', ['wrong-type', 'error', 'api.insecure'], /^$/],
    ['lists for sections', 'providers: [docker]', ['wrong-type', 'error', 'providers'], /^$/],
    ['options to come', 'tracing: { otlp: {} }', ['not-yet', 'warning', 'tracing'], /^$/],
    ['a scalar at the root', 'hello', ['wrong-type', 'error', ''], /^$/],
  ];
  for (const [name, yaml, expected, hint] of refused) {
    it(`reports ${name} and goes on`, () => {
      const { faults } = decode(yaml);
      assert.deepEqual(
        faults.map((fault) => [fault.code, fault.severity, fault.source]),
        [expected],
      );
      assert.match(faults[0]?.hint ?? '', hint);
    });
  }

  it('reports absent required fields', () => {
    const { faults } = decodeTree({ port: 1 }, toFieldTree(redirectSchemeSchema), ['to'], {
      mode: 'traefik',
    });
    assert.deepEqual(
      faults.map(({ code, source, hint }) => [code, source, hint]),
      [['missing', 'to', 'Set to.scheme.']],
    );
  });

  it('names the place in the file when it decodes a part of it', () => {
    const { faults } = decodeTree({ insecur: 1 }, tree.fields.get('api') ?? tree, ['api'], {
      mode: 'traefik',
    });
    assert.equal(faults[0]?.hint, 'Did you mean api.insecure?');
  });

  it('never throws, whatever the tree', () => {
    const key = fc.oneof(
      fc.constantFrom('entryPoints', 'providers', 'docker', 'web', '__proto__'),
      fc.string(),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, fc.anything(), fc.dictionary(key, tie('value'))),
    }));
    fc.assert(fc.property(value, (input) => void decodeTree(input, tree, [], { mode: 'strict' })));
  });
});
