// UDP routers and services: entry points of their own, services of their own, and one router for each entry point.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptyDynamicConfig } from '../../../../src/model/dynamic-config.ts';
import type { Declared } from '../../../../src/model/provider-config.ts';
import type { UdpRouterOptions } from '../../../../src/model/udp.ts';
import { resolve } from '../../../../src/rules/resolve/resolve.ts';
import { declare, declareRouter, declareService, replicaOf } from '../../../support/declare.ts';

function router(name: string, options: UdpRouterOptions = {}): Declared<UdpRouterOptions> {
  const labels = ['service', 'entrypoints'].map((option) => `traefik.udp.routers.${name}.${option}`);
  return { name, options: { service: 'dns', ...options }, origins: ['c'], faults: [], labels };
}

const service = { name: 'dns', options: {}, origins: ['c'], faults: [], replicas: [replicaOf('r')] };

function resolved(
  routers: readonly Declared<UdpRouterOptions>[],
  udpEntryPoints: readonly string[] = ['dns', 'log'],
) {
  return resolve({
    providers: [declare({ udpRouters: routers, udpServices: [service] })],
    entryPoints: [{ name: 'web', asDefault: true }],
    udpEntryPoints,
    defaultRuleSyntax: 'v3',
    previous: emptyDynamicConfig,
  });
}

describe('UDP routers', () => {
  it('listen on all UDP entry points unless they name some', () => {
    const { udpRouters, diagnostics } = resolved([router('r')]);
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(udpRouters.get('r@docker'), {
      name: 'r@docker',
      provider: 'docker',
      status: 'enabled',
      errors: [],
      origins: ['c'],
      entryPoints: ['dns', 'log'],
      service: 'dns@docker',
    });
    const named = resolved([router('r', { entryPoints: ['log'] })]).udpRouters.get('r@docker');
    assert.deepEqual(named?.entryPoints, ['log']);
  });

  const faulty: readonly (readonly [string, UdpRouterOptions, readonly string[], RegExp])[] = [
    ['an unknown service', { service: 'dsn' }, ['dns'], /There is no service dsn@docker/],
    ['an entry point of TCP', { entryPoints: ['web'] }, ['dns'], /None of the entry points/],
    ['the lack of any UDP entry point', {}, [], /There is no UDP entry point/],
  ];
  for (const [name, options, entryPoints, message] of faulty) {
    it(`are disabled by ${name}, in their own name`, () => {
      const { udpRouters, diagnostics } = resolved([router('r', options)], entryPoints);
      assert.equal(udpRouters.get('r@docker')?.status, 'disabled');
      const error = diagnostics.find(({ severity }) => severity === 'error');
      assert.match(error?.message ?? '', message);
      assert.deepEqual(error?.object, { kind: 'router', name: 'r@docker (udp)' });
    });
  }

  it('are told of an entry point of the other transport, as HTTP routers are', () => {
    const udp = resolved([router('r', { entryPoints: ['web', 'dns'] })]);
    assert.match(udp.diagnostics[0]?.message ?? '', /"web" is of the other transport/);
    const http = resolve({
      providers: [
        declare({
          routers: [declareRouter('r', { entryPoints: ['dns'] })],
          services: [declareService('app')],
        }),
      ],
      entryPoints: [{ name: 'web', asDefault: true }],
      udpEntryPoints: ['dns'],
      defaultRuleSyntax: 'v3',
      previous: emptyDynamicConfig,
    });
    assert.match(http.diagnostics[0]?.message ?? '', /"dns" is of the other transport/);
  });

  it('of one entry point warn of each other: the first by name gets the datagrams', () => {
    const { udpRouters, diagnostics } = resolved([
      router('b', { entryPoints: ['dns'] }),
      router('a'),
      router('c', { entryPoints: ['log'] }),
    ]);
    assert.deepEqual(
      [...udpRouters.values()].map(({ status }) => status),
      ['warning', 'warning', 'warning'],
    );
    const [first, second] = diagnostics.map(({ message }) => message);
    assert.match(first ?? '', /^Same entry point as b@docker.*c@docker.*It comes first by name/);
    assert.match(second ?? '', /^Same entry point as a@docker \(c\)\. The datagrams go to a@docker\.$/);
  });
});
