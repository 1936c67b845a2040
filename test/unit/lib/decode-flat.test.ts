import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeFlat, type FlatEntry } from '../../../src/lib/decode-flat.ts';
import { toFieldTree } from '../../../src/lib/field-tree.ts';
import {
  choice,
  duration,
  flag,
  integer,
  optional,
  section,
  sectionList,
  sectionMap,
  text,
  textList,
  textMap,
} from '../../../src/model/fields.ts';
import { startupConfigSchema } from '../../../src/model/startup-config.ts';

const described = { description: 'A field.' };
const tree = toFieldTree(
  section(
    {
      enable: optional(flag(described)),
      routers: optional(
        sectionMap(
          section(
            {
              rule: optional(text(described)),
              priority: optional(integer(described)),
              entryPoints: optional(textList(described)),
              scheme: optional(choice(['http', 'https'], described)),
              interval: optional(duration(described)),
              tls: optional(
                section(
                  {
                    options: optional(text(described)),
                    domains: optional(
                      sectionList(section({ main: optional(text(described)) }, described), described),
                    ),
                  },
                  { ...described, allowEmpty: true },
                ),
              ),
              check: optional(section({ path: text(described) }, described)),
              headers: optional(textMap(described)),
              users: optional(textList({ ...described, secret: true, oneOf: ['known'] })),
              old: optional(text({ ...described, deprecated: 'Use rule.' })),
              later: optional(flag({ ...described, notYet: true })),
            },
            described,
          ),
          described,
        ),
      ),
    },
    described,
  ),
);

function entries(labels: Record<string, string>): FlatEntry[] {
  return Object.entries(labels).map(([key, value]) => ({ path: key.split('.'), value, source: `l.${key}` }));
}

function decode(labels: Record<string, string>, mode: 'traefik' | 'strict' = 'traefik') {
  const { value, faults } = decodeFlat(entries(labels), tree, {
    mode,
    spell: (path) => `l.${path.join('.')}`,
  });
  return { value, faults };
}

describe('decodeFlat', () => {
  const accepted: [name: string, labels: Record<string, string>, value: unknown][] = [
    [
      'reads fields in any case',
      { 'ROUTERS.web.EntryPoints': 'web' },
      { routers: { web: { entryPoints: ['web'] } } },
    ],
    [
      'keeps the first spelling of a name',
      { 'routers.Web.rule': 'a', 'routers.web.priority': '+5' },
      { routers: { Web: { rule: 'a', priority: 5 } } },
    ],
    [
      'trims list items and keeps empty ones',
      { 'routers.a.entrypoints': ' web,,x ,' },
      { routers: { a: { entryPoints: ['web', '', 'x', ''] } } },
    ],
    ['takes an empty list as none', { 'routers.a.entrypoints': '' }, { routers: { a: {} } }],
    ['reads seconds', { 'routers.a.interval': '10' }, { routers: { a: { interval: 10_000 } } }],
    ['reads Go durations', { 'routers.a.interval': '1m30s' }, { routers: { a: { interval: 90_000 } } }],
    [
      'keeps dots in the keys of maps',
      { 'routers.a.headers.X.Y-z': '', 'routers.a.headers.__proto__': '1' },
      {
        routers: {
          a: {
            headers: Object.fromEntries([
              ['X.Y-z', ''],
              ['__proto__', '1'],
            ]),
          },
        },
      },
    ],
    ['switches a section on by true', { 'routers.a.tls': 'TRUE' }, { routers: { a: { tls: {} } } }],
    ['switches a section on by nothing', { 'routers.a.tls': '' }, { routers: { a: { tls: {} } } }],
    ['switches a section off by false', { 'routers.a.tls': 'false' }, { routers: { a: {} } }],
    [
      'closes gaps between indexes',
      { 'routers.a.tls.domains[4].main': 'b', 'routers.a.tls.domains[1].main': 'a' },
      { routers: { a: { tls: { domains: [{ main: 'a' }, { main: 'b' }] } } } },
    ],
    ['corrects the case of words', { 'routers.a.scheme': 'HTTPS' }, { routers: { a: { scheme: 'https' } } }],
    [
      'keeps a name that is special to JavaScript',
      { 'routers.__proto__.rule': 'x' },
      { routers: Object.fromEntries([['__proto__', { rule: 'x' }]]) },
    ],
  ];
  for (const [name, labels, value] of accepted) {
    it(name, () => assert.deepEqual(decode(labels), { value, faults: [] }));
  }

  const refused: [name: string, label: string, value: string, code: string, hint: RegExp][] = [
    ['names the nearest field', 'routers.a.entrypoint', 'web', 'unknown-key', /l\.routers\.a\.entryPoints\?/],
    [
      'puts a missing section in',
      'routers.a.domains[0].main',
      'x',
      'unknown-key',
      /routers\.a\.tls\.domains\[0\]\.main/,
    ],
    ['leaves a part out', 'routers.a.http.rule', 'x', 'unknown-key', /Did you mean l\.routers\.a\.rule\?/],
    ['asks for an index', 'routers.a.tls.domains.main', 'x', 'unknown-key', /domains\[0\]\.main/],
    ['refuses a blank before true', 'enable', ' true', 'wrong-type', /Write true\./],
    ['refuses yes', 'enable', 'yes', 'wrong-type', /Write true\./],
    ['refuses a fraction', 'routers.a.priority', '80.0', 'wrong-type', /Write 80\./],
    ['refuses what 64 bits cannot hold', 'routers.a.priority', '9223372036854775808', 'wrong-type', /^$/],
    ['refuses an unknown unit', 'routers.a.interval', '10sec', 'wrong-type', /10s, 500ms/],
    ['names the nearest word', 'routers.a.scheme', 'htps', 'wrong-type', /Did you mean http/],
    ['refuses a section with a value', 'routers.a.check', 'true', 'wrong-type', /l\.routers\.a\.check\.path/],
    ['refuses a map without a key', 'routers.a.headers', 'x', 'wrong-type', /headers\.name/],
    ['refuses a name with a value', 'routers.a', 'x', 'wrong-type', /routers\.a\.rule/],
    ['refuses parts below a value', 'routers.a.rule.x', 'x', 'unknown-key', /l\.routers\.a\.rule\?/],
    ['refuses an empty part', 'routers..rule', 'x', 'unknown-key', /.*/],
    ['refuses an index where there is no list', 'routers.a.rule[0]', 'x', 'unknown-key', /.*/],
  ];
  for (const [name, label, value, code, hint] of refused) {
    it(name, () => {
      const { faults } = decode({ [label]: value });
      const fault = faults.find((candidate) => candidate.code === code);
      assert.equal(fault?.severity, 'error', JSON.stringify(faults));
      assert.equal(fault?.source, `l.${label}`);
      assert.match(fault?.hint ?? '', hint);
    });
  }

  it('keeps the good fields beside a faulty one', () => {
    assert.deepEqual(decode({ 'routers.a.rule': 'r', 'routers.a.priority': 'x' }).value, {
      routers: { a: { rule: 'r' } },
    });
  });

  it('says which required field is missing', () => {
    const { faults } = decode({ 'routers.a.check.pth': '/' });
    assert.deepEqual(
      faults.map((fault) => [fault.code, fault.hint]),
      [
        ['unknown-key', 'Did you mean l.routers.a.check.path?'],
        ['missing', 'Set l.routers.a.check.path.'],
      ],
    );
  });

  it('keeps Traefik’s meaning of tls=1 and warns', () => {
    const { value, faults } = decode({ 'routers.a.tls': '1', 'routers.a.tls.options': 'x' });
    assert.deepEqual(value, { routers: { a: {} } });
    assert.deepEqual([faults[0]?.code, faults[0]?.severity], ['misread', 'warning']);
  });

  it('takes tls=yes at its word in strict mode, and refuses other words', () => {
    assert.deepEqual(decode({ 'routers.a.tls': 'yes' }, 'strict'), {
      value: { routers: { a: { tls: {} } } },
      faults: [],
    });
    assert.equal(decode({ 'routers.a.tls': 'oui' }, 'strict').faults[0]?.code, 'wrong-type');
  });

  it('orders indexes as text for Traefik with a warning, and as numbers in strict mode', () => {
    const labels = { 'routers.a.tls.domains[2].main': 'two', 'routers.a.tls.domains[10].main': 'ten' };
    const order = (mode: 'traefik' | 'strict') => {
      const { value, faults } = decode(labels, mode);
      return [
        JSON.stringify(value)
          .match(/two|ten/g)
          ?.join(),
        faults.map((fault) => fault.code).join(),
      ];
    };
    assert.deepEqual(order('traefik'), ['ten,two', 'misread']);
    assert.deepEqual(order('strict'), ['two,ten', '']);
  });

  it('lets the last of two spellings win, and says so only when they differ', () => {
    const { value, faults } = decode({ 'routers.a.Rule': 'one', 'routers.a.rule': 'two' });
    assert.deepEqual(value, { routers: { a: { rule: 'two' } } });
    assert.deepEqual([faults[0]?.code, faults[0]?.source], ['duplicate', 'l.routers.a.Rule']);
    assert.deepEqual(decode({ 'routers.a.Rule': 'one', 'routers.a.rule': 'one' }).faults, []);
  });

  it('joins lists that are given twice where flags are read', () => {
    const flags = [
      { path: ['routers', 'a', 'entrypoints'], value: 'web', source: '--x' },
      { path: ['routers', 'a', 'entrypoints'], value: 'two', source: '--x' },
    ];
    assert.deepEqual(decodeFlat(flags, tree, { mode: 'traefik', repeatedLists: 'join' }).value, {
      routers: { a: { entryPoints: ['web', 'two'] } },
    });
  });

  it('warns about deprecated and later options once, and reads them', () => {
    const { value, faults } = decode({ 'routers.a.old': 'x', 'routers.a.later': 'true' });
    assert.deepEqual(value, { routers: { a: { old: 'x', later: true } } });
    assert.deepEqual(
      faults.map((fault) => [fault.code, fault.severity]),
      [
        ['deprecated', 'warning'],
        ['not-yet', 'warning'],
      ],
    );
  });

  it('says how the entry should read where there is one answer', () => {
    const fixOf = (label: string, value: string) => decode({ [label]: value }).faults[0]?.fix;
    assert.equal(fixOf('routers.a.rul', 'r'), 'l.routers.a.rule=r');
    assert.equal(fixOf('enable', 'Yes'), 'l.enable=true');
    assert.equal(fixOf('routers.a.tls', 'on'), 'l.routers.a.tls=true');
    assert.equal(fixOf('routers.a.interval', 'soon'), undefined);
  });

  it('never shows a secret value, nor one that may be', () => {
    for (const label of ['routers.a.user', 'routers.a.qqqqqqqqqq']) {
      assert.doesNotMatch(JSON.stringify(decode({ [label]: 'admin:hash' })), /admin|hash/);
    }

    const { faults } = decode({ 'routers.a.users': 'admin:hash' });
    assert.equal(faults[0]?.code, 'wrong-type');
    assert.doesNotMatch(JSON.stringify(faults), /admin|hash/);
  });

  it('decodes the flags that Traefik’s own users write', () => {
    const flags = ['api.insecure=true', 'providers.docker=true', 'entrypoints.web.address=:80'].map(
      (flagText) => {
        const [key = '', value = ''] = flagText.split('=');
        return { path: key.split('.'), value, source: `--${flagText}` };
      },
    );
    assert.deepEqual(decodeFlat(flags, toFieldTree(startupConfigSchema), { mode: 'traefik' }), {
      value: { api: { insecure: true }, providers: { docker: {} }, entryPoints: { web: { address: ':80' } } },
      faults: [],
    });
  });

  it('never throws, whatever the entries', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'routers',
        'tls',
        'domains[0]',
        'domains',
        'headers',
        'check',
        'users',
        '',
        '__proto__',
        '[0]',
      ),
      fc.string({ maxLength: 8 }),
    );
    const entry = fc.record({
      path: fc.array(part, { maxLength: 6 }),
      value: fc.string(),
      source: fc.string(),
    });
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 12 }),
        fc.constantFrom('traefik' as const, 'strict' as const),
        (list, mode) => {
          decodeFlat(list, tree, { mode });
        },
      ),
    );
  });

  it('needs time in proportion to a megabyte of hostile labels', () => {
    const timed = (size: number) => {
      const hostile = [
        ...Array.from({ length: size / 20 }, (_, index) => ({
          path: ['routers', `n${index}`, 'rul'],
          value: 'x',
          source: 's',
        })),
        { path: Array.from({ length: size / 4 }, () => 'a'), value: 'x', source: 's' },
        {
          path: ['routers', 'a', 'headers', ...Array.from({ length: size / 4 }, () => 'b')],
          value: '',
          source: 's',
        },
        { path: ['routers', 'a', 'entrypoints'], value: ','.repeat(size / 4), source: 's' },
      ];
      const start = process.cpuUsage();
      decodeFlat(hostile, tree, { mode: 'traefik' });
      return process.cpuUsage(start).user;
    };
    timed(100_000);
    const small = timed(250_000);
    // Quadratic work would take 16 times as long; the slack is for the noise of shared machines.
    assert.ok(timed(1_000_000) < 10 * small + 200_000);
  });
});
