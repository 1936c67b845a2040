import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { tableBy } from '../../../../src/lib/sorted-table.ts';
import type { ProviderConfig } from '../../../../src/model/provider-config.ts';
import type { Declarations } from '../../../../src/rules/declare/declarations.ts';
import { type MergedConfig, mergeDeclarations } from '../../../../src/rules/declare/merge-declarations.ts';
import { containerToDeclarations } from '../../../../src/rules/labels/container-to-declarations.ts';
import { containerRecord, labelOptions, type WrittenContainer } from '../../../support/golden-case.ts';

const options = labelOptions();

function declare(position: number, service: string, written: WrittenContainer = {}, extra: string[] = []) {
  const labels = [
    `traefik.http.routers.${service}.rule=Host(\`${service}\`)`,
    `traefik.http.services.${service}.loadbalancer.server.port=80`,
    `traefik.http.middlewares.${service}.addprefix.prefix=/x`,
    ...extra,
  ];
  return containerToDeclarations(containerRecord(`c${position}`, position, { labels, ...written }), options);
}

const merge = (all: readonly Declarations[], previous?: MergedConfig) =>
  mergeDeclarations(
    'docker',
    tableBy(all, ({ declarer }) => declarer.id),
    previous,
  );

function plain({ routers, services, middlewares, diagnostics }: ProviderConfig) {
  const sorted = <T>(map: ReadonlyMap<string, T>) =>
    [...map].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    routers: sorted(routers),
    services: sorted(services),
    middlewares: sorted(middlewares),
    diagnostics,
  };
}

describe('mergeDeclarations', () => {
  it('returns the previous configuration itself when nothing has changed', () => {
    const all = [declare(1, 'a'), declare(2, 'a'), declare(3, 'b')];
    const first = merge(all);
    assert.equal(merge([...all].reverse(), first), first);
    const again = [declare(1, 'a'), declare(2, 'a'), declare(3, 'b')];
    assert.equal(merge(again, first), first);
  });

  it('keeps the identity of everything that a change does not touch', () => {
    const all = [declare(1, 'a'), declare(2, 'a'), declare(3, 'b')];
    const first = merge(all);
    const next = merge([declare(1, 'a', { health: 'unhealthy' }), ...all.slice(1)], first);
    assert.equal(next.routers, first.routers);
    assert.equal(next.middlewares, first.middlewares);
    assert.equal(next.services.get('b'), first.services.get('b'));
    assert.notEqual(next.services.get('a'), first.services.get('a'));
    assert.equal(next.services.get('a')?.replicas[0]?.state, 'unhealthy');
    assert.equal(next.services.get('a')?.replicas[1], first.services.get('a')?.replicas[1]);
  });

  it('forgets what its last container takes away', () => {
    const first = merge([declare(1, 'a'), declare(2, 'b')]);
    const next = merge([declare(2, 'b')], first);
    assert.deepEqual([...next.routers.keys()], ['b']);
    assert.equal(merge([], next).services.size, 0);
  });

  it('ends a conflict when one of its containers goes', () => {
    const [one, two] = [declare(1, 'a'), declare(2, 'a', {}, ['traefik.http.routers.a.priority=5'])];
    const first = merge([one, two]);
    assert.equal(first.routers.get('a')?.faults[0]?.code, 'name-conflict');
    const next = merge([two], first);
    assert.deepEqual(next.routers.get('a')?.faults, []);
    assert.equal(next.routers.get('a')?.options.priority, 5);
  });

  it('says a fault that replicas repeat only once', () => {
    const typo = ['traefik.http.routers.a.midlewares=x'];
    const config = merge([declare(1, 'a', {}, typo), declare(2, 'a', {}, typo)]);
    assert.equal(config.routers.get('a')?.faults.length, 1);
    assert.equal(config.routers.get('a')?.faults[0]?.code, 'unknown-key');
  });

  it('lets no definition pass for an equal one only because its fault was left out', () => {
    const config = merge([declare(1, 'a'), declare(2, 'a', {}, ['traefik.http.routers.a.midlewares=auth'])]);
    assert.deepEqual(
      config.routers.get('a')?.faults.map(({ code }) => code),
      ['name-conflict', 'unknown-key'],
    );
  });

  it('counts containers that name one URL as one server', () => {
    const url = [
      'traefik.http.services.u.loadbalancer.server.url=http://backend:80',
      'traefik.http.routers.a.service=u',
    ];
    const config = merge([declare(1, 'a', {}, url), declare(2, 'a', {}, url)]);
    assert.deepEqual(
      config.services.get('u')?.replicas.map(({ id }) => id),
      ['http://backend:80'],
    );
  });

  it('gives the same result step by step as all at once, in any order of events', () => {
    const change = fc.record({
      position: fc.integer({ min: 1, max: 6 }),
      service: fc.constantFrom('a', 'b'),
      priority: fc.constantFrom('', '1', '2', 'x'),
      isGone: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const present = new Map<number, Declarations>();
        let config = merge([]);
        for (const { position, service, priority, isGone } of changes) {
          const extra = priority === '' ? [] : [`traefik.http.routers.${service}.priority=${priority}`];
          if (isGone) present.delete(position);
          else present.set(position, declare(position, service, {}, extra));
          config = merge([...present.values()], config);
        }
        assert.deepEqual(plain(config), plain(merge([...present.values()])));
      }),
      { numRuns: 60 },
    );
  });
});
