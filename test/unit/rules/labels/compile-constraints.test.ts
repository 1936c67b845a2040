import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileConstraints } from '../../../../src/rules/labels/compile-constraints.ts';

const labels = { tier: 'web', name: 'shop-1' };

describe('compileConstraints', () => {
  const cases: [source: string, matches: boolean][] = [
    ['', true],
    ['  ', true],
    ['Label(`tier`, `web`)', true],
    ['Label("tier", "api")', false],
    ['Label("\\x74ier", "\\u0077eb")', true],
    ['!Label(`tier`, `api`)', true],
    ['Label(`absent`, ``)', true],
    ['Label(`toString`, ``)', true],
    ['LabelRegex(`name`, `^shop-\\d+$`)', true],
    ['LabelRegex(`name`, `op`)', true],
    ['Label(`tier`,`x`) || Label(`tier`,`web`) && !Label(`name`,`shop-1`)', false],
    ['(Label(`tier`,`web`) || Label(`a`,`b`)) && LabelRegex(`name`,`1`)', true],
    ['!(!Label(`tier`, `web`))', true],
  ];
  for (const [source, matches] of cases) {
    it(`${source || 'nothing'} is ${matches}`, () => {
      const constraints = compileConstraints(source, 'docker');
      assert.deepEqual(constraints.faults, []);
      assert.equal(constraints.matches(labels), matches);
    });
  }

  const faulty: [source: string, position: number, message: RegExp][] = [
    ['Label(`tier`, `web`) & x', 21, /"&" cannot stand here/],
    ['Label(`tier`)', 12, /, is missing/],
    ['Tag(`a`, `b`)', 0, /neither Label nor LabelRegex/],
    ['Label(`a`, `b`) Label(`a`, `b`)', 16, /"Label" cannot stand here/],
    ['(Label(`a`, `b`)', 16, /\) is missing/],
    ['Label(a, `b`)', 6, /A text in back-quotes is missing/],
    ['!', 1, /is missing/],
    ['Label("ti\\er", `web`)', 9, /"\\e" is not an escape sequence/],
  ];
  for (const [source, position, message] of faulty) {
    it(`exposes nothing for ${source}, and says where the fault is`, () => {
      const { faults, matches } = compileConstraints(source, 'docker');
      assert.equal(matches(labels), false);
      assert.equal(faults[0]?.position, position);
      assert.equal(faults[0]?.code, 'constraint');
      assert.match(faults[0]?.message ?? '', message);
    });
  }

  it('takes a faulty regular expression as one that never matches', () => {
    const { faults, matches } = compileConstraints(
      'LabelRegex(`name`, `(`) || Label(`tier`, `web`)',
      'docker',
    );
    assert.equal(faults.length, 1);
    assert.equal(matches(labels), true);
  });

  it('never throws, whatever the expression', () => {
    const part = fc.oneof(
      fc.constantFrom('Label', 'LabelRegex', '(', ')', ',', '`a`', '"b"', '&&', '||', '!'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
        compileConstraints(parts.join(' '), 'docker').matches(labels);
      }),
    );
    compileConstraints('!'.repeat(100_000), 'docker');
  });
});
