// The order among TCP and HTTPS routers of one entry point, and that changes of either are seen.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLiveState } from '../../../../src/data-plane/live-state/create-live-state.ts';
import { createLimits } from '../../../../src/data-plane/live-state/limits.ts';
import { createSnapshotCompiler } from '../../../../src/data-plane/snapshot/compile-snapshot.ts';
import { createWeakValues } from '../../../../src/lib/weak-values.ts';
import { defaultEntryPoint, type GatewayDraft, gateway } from '../../../support/gateway.ts';

const passthrough = { tls: { passthrough: true } };
const head = (serverName = '', clientAddress = '192.0.2.1') => ({ serverName, clientAddress, protocols: [] });

/** The tables of one configuration after the other. */
function compiler() {
  const live = createLiveState({
    openUpstream: () => ({ send: () => assert.fail(), wire: undefined, close: () => {} }),
    onLoads: () => {},
  });
  const compile = createSnapshotCompiler([defaultEntryPoint], live, {
    internalKey: 'key',
    limits: createLimits(undefined, 0),
    readFile: () => '',
    pem: () => assert.fail('no certificate is named'),
    breakers: createWeakValues(),
    onFault: (_fields, message) => assert.fail(message),
  });
  let version = 0;
  return (draft: GatewayDraft) => {
    version += 1;
    const config = draft.config(version);
    live.apply(config);
    return compile(config).entryPoints.get('web')?.tcp;
  };
}

const tcp = (): GatewayDraft => gateway().tcpService('t', ['tcp://192.0.2.9:1']);

describe('the TCP routers of an entry point', () => {
  it('are no table at all where there are none', () => {
    assert.equal(compiler()(tcp().router('h')), undefined);
    assert.equal(compiler()(tcp().tcpRouter('r', { entryPoints: ['other'] })), undefined);
    assert.equal(compiler()(tcp().tcpRouter('r', { status: 'disabled' })), undefined);
  });

  it('need no byte as long as nothing on the entry point is about TLS', () => {
    const next = compiler();
    const plain = () => tcp().tcpRouter('r').router('h');
    assert.equal(next(plain())?.needsFirstBytes(), false);
    assert.equal(next(plain().router('s', { tls: {} }))?.needsFirstBytes(), true);
    assert.equal(next(plain())?.needsFirstBytes(), false, 'also when the HTTPS router has gone');
    const encrypted = tcp()
      .tcpRouter('r')
      .tcpRouter('s', { rule: 'HostSNI(`a.test`)', ...passthrough });
    assert.equal(next(encrypted)?.needsFirstBytes(), true);
  });

  it('go by priority, then by name; names are looked up, and rules of more are asked all the same', () => {
    const table = compiler()(
      tcp()
        .tcpRouter('catch', passthrough)
        .tcpRouter('name', { rule: 'HostSNI(`a.test`)', ...passthrough })
        .tcpRouter('narrow', { rule: 'HostSNI(`a.test`) && ClientIP(`10.0.0.0/8`)', ...passthrough })
        .tcpRouter('wild', { rule: 'HostSNI(`*.test`)', priority: 100, ...passthrough })
        .tcpRouter('either', { rule: 'HostSNI(`b.org`) || HostSNI(`c.org`)', ...passthrough })
        .tcpRouter('aaa', { rule: 'HostSNI(`b.org`) || HostSNI(`d.org`)', ...passthrough }),
    );
    const name = (serverName: string, client?: string) => table?.matchTls(head(serverName, client))?.name;
    assert.equal(name('a.test'), 'wild', 'the priority counts across both ways of looking');
    assert.equal(name('c.org'), 'either');
    assert.equal(name('b.org'), 'aaa');
    assert.equal(name('other.org'), 'catch');
    assert.equal(name(''), 'catch');
    const withoutWild = compiler()(
      tcp()
        .tcpRouter('name', { rule: 'HostSNI(`a.test`)', ...passthrough })
        .tcpRouter('narrow', { rule: 'HostSNI(`a.test`) && ClientIP(`10.0.0.0/8`)', ...passthrough }),
    );
    assert.equal(withoutWild?.matchTls(head('a.test', '10.1.1.1'))?.name, 'narrow');
    assert.equal(withoutWild?.matchTls(head('a.test'))?.name, 'name');
    assert.equal(withoutWild?.matchPlain(head('')), undefined);
  });

  it('come behind HTTPS routers of the host, and before those of any host', () => {
    const draft = (...rules: readonly string[]): GatewayDraft => {
      const all = tcp()
        .tcpRouter('regexp', { rule: 'HostSNIRegexp(`test$`)', ...passthrough })
        .tcpRouter('catch', passthrough);
      for (const rule of rules) all.router(rule, { rule, tls: {} });
      return all;
    };
    const next = compiler();
    const steps: readonly (readonly [rules: readonly string[], name: string, winner: string | undefined])[] =
      [
        [['Host(`a.test`)'], 'a.test', undefined],
        [['Host(`a.test`) && Path(`/x`)', 'Host(`a.test`)'], 'a.test', undefined],
        [['Host(`*.test`)'], 'a.test', undefined],
        [['Host(`*.test`)'], 'test', 'regexp'],
        [['PathPrefix(`/`)'], 'a.test', 'regexp'],
        [['PathPrefix(`/`)'], 'a.org', undefined],
        [['Host(`b.org`)'], 'a.org', 'catch'],
        [['Host(`*`)'], 'a.org', undefined],
        [[], 'a.test', 'regexp'],
      ];
    for (const [rules, name, winner] of steps) {
      const table = next(draft(...rules));
      assert.equal(table?.matchTls(head(name))?.name, winner, `${rules.join(', ')}: ${name}`);
      assert.notEqual(table?.matchStartTls(head(name)), undefined, 'what is no HTTPS is never left to it');
    }
  });

  it('count under a name of their own, and lead to the service as it is now', () => {
    const next = compiler();
    const table = next(tcp().service('t', ['http://192.0.2.8:1']).router('h').tcpRouter('r'));
    const router = table?.matchPlain(head());
    assert.equal(router?.serviceName, 't');
    assert.equal(router?.service()?.replicas[0]?.origin, 'tcp://192.0.2.9:1');
    next(gateway().tcpService('t', ['tcp://192.0.2.7:1', 'tls://[2001:db8::1]:2']).tcpRouter('r'));
    assert.deepEqual(
      router?.service()?.ready.map(({ origin }) => origin),
      ['tcp://192.0.2.7:1', 'tls://[2001:db8::1]:2'],
    );
    next(tcp().router('h'));
    next(gateway().router('h'));
    assert.equal(router?.service(), undefined);
  });
});
