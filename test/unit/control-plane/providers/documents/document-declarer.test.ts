// What documents declare: every kind of object, every fault at its place, the last good state of what is broken.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createDocumentDeclarer,
  type DocumentDeclarer,
} from '../../../../../src/control-plane/providers/documents/create-document-declarer.ts';
import { formatOf } from '../../../../../src/lib/text-tree/parse-text-tree.ts';
import type { Diagnostic } from '../../../../../src/model/diagnostic.ts';
import { emptyDynamicConfig } from '../../../../../src/model/dynamic-config.ts';
import type { ProviderConfig } from '../../../../../src/model/provider-config.ts';
import { resolve } from '../../../../../src/rules/resolve/resolve.ts';

const since = 1_000;

function declare(files: Readonly<Record<string, string>>, declarer = createDocumentDeclarer('file', since)) {
  const documents = Object.entries(files).map(
    ([name, text]) => [name, { text, format: formatOf(name) ?? 'yaml', isTemplate: true }] as const,
  );
  return declarer(new Map(documents));
}

const resolved = (config: ProviderConfig) =>
  resolve({
    providers: [config],
    entryPoints: [{ name: 'web', asDefault: true }],
    defaultRuleSyntax: 'v3',
    previous: emptyDynamicConfig,
  });

const told = ({ severity, object, place, message, hint = '' }: Diagnostic) =>
  `${severity} ${object.kind} ${object.name} ${place?.file}:${place?.line}:${place?.column} ${message} ${hint}`.trim();

const yaml = `http:
  routers:
    app:
      rule: Host(\`app.example.com\`)
      entryPoints: [web]
      middlewares: [add, auth@docker]
      service: app
      priority: 7
      tls: {}
  services:
    app:
      loadBalancer:
        strategy: p2c
        passHostHeader: false
        servers:
          - {url: "http://10.0.0.1:8000/", weight: 3}
          - {url: "h2c://10.0.0.2", preservePath: true}
          - {url: "http://10.0.0.1:8000"}
        healthCheck: {path: /health, interval: 10s, timeout: 3, port: 81}
  middlewares:
    add: {addPrefix: {prefix: /x}}
tcp:
  routers:
    db: {rule: HostSNI(\`*\`), service: db}
  services:
    db: {loadBalancer: {servers: [{address: "10.0.0.3:5432"}, {address: "[fd00::1]:5432", tls: true}]}}
  middlewares:
    few: {inFlightConn: {amount: 2}}
`;

const toml = `[http.routers.app]
  rule = "Host(\`app.example.com\`)"
  ENTRYPOINTS = ["web"]
  middlewares = ["add", "auth@docker"]
  service = "app"
  priority = 7
  [http.routers.app.tls]
[http.services.app.loadBalancer]
  strategy = "p2c"
  passHostHeader = false
  [[http.services.app.loadBalancer.servers]]
    url = "http://10.0.0.1:8000/"
    weight = 3
  [[http.services.app.loadBalancer.servers]]
    url = "h2c://10.0.0.2"
    preservePath = true
  [[http.services.app.loadBalancer.servers]]
    url = "http://10.0.0.1:8000"
  [http.services.app.loadBalancer.healthCheck]
    path = "/health"
    interval = "10s"
    timeout = "3s"
    port = 81
[http.middlewares.add.AddPrefix]
  prefix = "/x"
[tcp.routers.db]
  rule = "HostSNI(\`*\`)"
  service = "db"
[[tcp.services.db.loadBalancer.servers]]
  address = "10.0.0.3:5432"
[[tcp.services.db.loadBalancer.servers]]
  address = "[fd00::1]:5432"
  tls = true
[tcp.middlewares.few.inFlightConn]
  amount = 2
`;

/** Without the places, which differ between formats. */
function content({
  routers,
  services,
  middlewares,
  tcpRouters,
  tcpServices,
  tcpMiddlewares,
}: ProviderConfig) {
  return [routers, services, middlewares, tcpRouters, tcpServices, tcpMiddlewares].map((table) =>
    [...(table as ReadonlyMap<string, object>)].map(([name, object]) => [
      name,
      { ...object, places: undefined, origins: undefined },
    ]),
  );
}

describe('documents', () => {
  it('declare routers, services with their servers, and middlewares', () => {
    const config = declare({ 'dyn.yaml': yaml });
    assert.deepEqual(config.diagnostics, []);
    const service = config.services.get('app');
    assert.deepEqual(service?.replicas, [
      {
        id: 'http://10.0.0.1:8000',
        url: 'http://10.0.0.1:8000',
        weight: 1,
        preservePath: false,
        state: 'ready',
        since,
      },
      {
        id: 'h2c://10.0.0.2:80',
        url: 'h2c://10.0.0.2:80',
        weight: 1,
        preservePath: true,
        state: 'ready',
        since,
      },
    ]);
    assert.ok(service !== undefined && !('kind' in service.options));
    assert.deepEqual(service.options.healthCheck, {
      path: '/health',
      interval: 10_000,
      timeout: 3_000,
      port: 81,
    });
    assert.deepEqual(service?.origins, ['dyn.yaml']);
    const config2 = resolved(config);
    assert.equal(config2.services.get('app@file')?.status, 'enabled');
    assert.deepEqual(
      config2.tcpServices.get('db@file')?.replicas.map(({ url }) => url),
      ['tcp://10.0.0.3:5432', 'tls://[fd00::1]:5432'],
    );
    assert.equal(config2.tcpRouters.get('db@file')?.status, 'enabled');
  });

  it('say the same in YAML, TOML and JSON', () => {
    const [one, other] = [declare({ 'a.yaml': yaml }), declare({ 'a.toml': toml })].map(content);
    assert.deepEqual(other, one);
    const json = declare({ 'a.json': '{"http": {"middlewares": {"add": {"addprefix": {"Prefix": "/x"}}}}}' });
    assert.deepEqual(json.middlewares.get('add')?.options, { kind: 'addPrefix', options: { prefix: '/x' } });
  });

  it('tell of an unknown key with its place and the nearest name, and only its object is lost', () => {
    const text = yaml
      .replace('priority: 7', 'prioritty: 7')
      .replace('add:', 'other: {addPrefix: {prefix: /y}}\n    add:');
    const config = resolved(declare({ 'dyn.yaml': text }));
    assert.deepEqual(config.diagnostics.map(told).slice(0, 1), [
      'error router app dyn.yaml:8:7 "prioritty" is not known here. Did you mean http.routers.app.priority?',
    ]);
    assert.equal(config.routers.get('app@file')?.status, 'disabled');
    assert.equal(config.services.get('app@file')?.status, 'enabled');
    assert.equal(config.middlewares.get('other@file')?.status, 'enabled');
  });

  it('tell of what is found later with its place too', () => {
    const config = resolved(
      declare({
        'dyn.toml': '[http.routers.app]\nservice = "nothing"\nrule = "Host(`a`"\n',
      }),
    );
    assert.deepEqual(
      config.diagnostics.map(told).sort(),
      [
        'error router app@file dyn.toml:2:1 There is no service nothing@file. Declare the service, or correct the name. If it is declared, its own diagnostic says what to mend.',
        'error router app@file dyn.toml:3:1 Expected "," or ")", found the rule ends.',
      ].sort(),
    );
  });

  const faults: readonly [name: string, text: string, expected: string][] = [
    [
      'a server without a URL, beside a good one',
      'http:\n  services:\n    a:\n      loadBalancer:\n        servers:\n          - url: nothing\n          - url: http://b\n',
      'warning service a dyn.yaml:6:13 The url is no URL of a server. Write a URL such as http://10.0.0.5:8080.',
    ],
    [
      'no good server at all',
      'http:\n  services:\n    a:\n      loadBalancer:\n        servers:\n          - weight: 2\n',
      'error service a dyn.yaml:6:13 The url is no URL of a server. Write a URL such as http://10.0.0.5:8080.',
    ],
    [
      'what belongs into labels',
      'http:\n  services:\n    a:\n      loadBalancer:\n        server:\n          port: 80\n',
      'error service a dyn.yaml:5:9 "server" is not known here. Did you mean http.services.a.loadBalancer.servers?',
    ],
    [
      'a service without a kind',
      'http:\n  services:\n    a: {}\n',
      'error service a dyn.yaml:3:5 The service a has no kind. Set http.services.a.loadBalancer.',
    ],
    [
      'a middleware without a kind',
      'http:\n  middlewares:\n    a: {addPrefx: {prefix: /x}}\n',
      'error middleware a dyn.yaml:3:9 "addPrefx" is not known here. Did you mean http.middlewares.a.addPrefix?',
    ],
    [
      'a wrong value',
      'http:\n  services:\n    a:\n      loadBalancer:\n        passHostHeader: perhaps\n',
      'error service a dyn.yaml:5:9 "perhaps" is not a boolean. Write true or false.',
    ],
    [
      'a misspelt section',
      'htttp:\n  routers: {}\n',
      'error provider file dyn.yaml:1:1 "htttp" is not known here. Did you mean http?',
    ],
    [
      'an address without a port',
      'tcp:\n  services:\n    a: {loadBalancer: {servers: [{address: db}]}}\n',
      'error service a (tcp) dyn.yaml:3:34 The address is not host:port. Write an address such as 10.0.0.5:5432 or [fd00::5]:5432.',
    ],
  ];
  for (const [name, text, expected] of faults) {
    it(`tell of ${name}`, () => {
      const { diagnostics } = resolved(declare({ 'dyn.yaml': text }));
      assert.deepEqual(diagnostics.map(told), [expected]);
    });
  }

  it('keep what they declared when they were last good, while they are broken', () => {
    const declarer: DocumentDeclarer = createDocumentDeclarer('file', since);
    const before = declare({ 'dyn.yaml': yaml, 'other.yaml': 'http: {}' }, declarer);
    const broken = declare({ 'dyn.yaml': `${yaml}  broken: "x\n`, 'other.yaml': 'http: {}' }, declarer);
    assert.equal(broken.routers.get('app'), before.routers.get('app'));
    assert.deepEqual(broken.diagnostics.map(told), [
      'error provider file dyn.yaml:30:1 dyn.yaml cannot be read: Missing closing "quote. Mend it. What it declared when it could last be read goes on.',
    ]);
    const mended = declare({ 'dyn.yaml': yaml, 'other.yaml': 'http: {}' }, declarer);
    assert.deepEqual(mended.diagnostics, []);
    assert.equal(mended.services.get('app'), before.services.get('app'));
    assert.deepEqual([...declare({ 'other.yaml': 'http: {}' }, declarer).routers], []);
  });

  it('that stay as they are give the very same configuration', () => {
    const declarer = createDocumentDeclarer('file', since);
    assert.equal(declare({ 'dyn.yaml': yaml }, declarer), declare({ 'dyn.yaml': yaml }, declarer));
  });

  it('that declare one name: the first counts, and it is said', () => {
    const one = 'http:\n  middlewares:\n    m: {addPrefix: {prefix: /one}}\n';
    const config = declare({ 'b.yaml': one.replace('one', 'two'), 'a.yaml': one });
    assert.deepEqual(config.middlewares.get('m')?.options, {
      kind: 'addPrefix',
      options: { prefix: '/one' },
    });
    assert.deepEqual(config.middlewares.get('m')?.faults.map(told), [
      'warning middleware m b.yaml:3:5 The middleware m stands in a.yaml too, which comes first: what b.yaml says is not used. Give one of them another name.',
    ]);
  });

  it('render what Go templates say, and tell where one is not understood', () => {
    const text = 'http:\n  middlewares:\n    m: {addPrefix: {prefix: {{ printf "/%s" "x" | quote }}}}\n';
    const config = declare({ 'dyn.yaml': text });
    assert.deepEqual(config.middlewares.get('m')?.options, { kind: 'addPrefix', options: { prefix: '/x' } });
    const range = declare({ 'dyn.yaml': 'http:\n{{ range $i := until 3 }}\n{{ end }}\n' });
    assert.match(range.diagnostics.map(told).join(), /^error provider file dyn.yaml:2:\d+ .*range/);
  });
});
