// Start-up configuration: three sources, one result, all faults at once.
import assert from 'node:assert/strict';
import { isBuiltin } from 'node:module';
import { test } from 'node:test';
import { loadStartup } from '../../../../src/rules/startup/load-startup.ts';
import { parseArguments } from '../../../../src/rules/startup/parse-arguments.ts';

type Given = {
  argv?: readonly string[];
  env?: Record<string, string>;
  files?: Record<string, string>;
  configFile?: string;
};

function load({ argv = [], env = {}, files = {}, configFile = '' }: Given) {
  return loadStartup({
    flags: parseArguments(argv, {}).entries,
    environment: env,
    configFile,
    readFile: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
  });
}

const docker = '--providers.docker';
const problems = (given: Given) =>
  load(given).faults.map(
    ({ severity, source, message, hint = '' }) => `${severity} ${source}: ${message} ${hint}`,
  );

test('the command of the compose example gives two listeners and a provider', () => {
  const { config, faults } = load({
    argv: ['--api.insecure=true', '--providers.docker=true', '--entrypoints.web.address=:80'],
  });
  assert.deepEqual(faults, []);
  assert.deepEqual(
    config.entryPoints.map(({ name, host, port }) => ({ name, host, port })),
    [{ name: 'web', host: '', port: 80 }],
  );
  assert.deepEqual(config.internalEntryPoint, { name: 'traefik', host: '', port: 8080 });
  assert.equal(config.docker?.endpoint, 'unix:///var/run/docker.sock');
});

test('defaults are those of the reference', () => {
  const [web] = load({ argv: ['--entrypoints.web.address=:80', docker] }).config.entryPoints;
  assert.equal(web?.graceTimeoutMs, 10_000);
  assert.equal(web?.readTimeoutMs, 60_000);
  assert.equal(web?.idleTimeoutMs, 180_000);
  assert.equal(web?.sanitizePath, true);
});

test('settings of HTTP/2, and numbers that it does not know', () => {
  const http2Of = (...argv: readonly string[]) => {
    const loaded = load({ argv: ['--entrypoints.web.address=:80', ...argv, docker] });
    return loaded.config.entryPoints[0]?.http2;
  };
  const given = {
    maxConcurrentStreams: 250,
    maxDecoderHeaderTableSize: 4096,
    maxEncoderHeaderTableSize: 4096,
  };
  assert.deepEqual(http2Of(), given);
  assert.deepEqual(http2Of('--entrypoints.web.http2.maxconcurrentstreams=7'), {
    ...given,
    maxConcurrentStreams: 7,
  });
  const found = problems({
    argv: ['--entrypoints.web.address=:80', '--entrypoints.web.http2.maxconcurrentstreams=0', docker],
  });
  assert.match(found.join('\n'), /^error .*http2\.maxConcurrentStreams.*0 is not between 1 and/im);
});

test('without an entry point there is http on :80, and without API, ping and metrics no internal one', () => {
  const { config } = load({ argv: [docker] });
  assert.deepEqual(
    config.entryPoints.map(({ name, port }) => [name, port]),
    [['http', 80]],
  );
  assert.equal(config.internalEntryPoint, undefined);
});

test('flags win over variables, and variables over the file, option by option', () => {
  const { config, faults } = load({
    files: {
      './traefik.yml':
        'entryPoints: {web: {address: ":1", asDefault: true}}\nlog: {level: DEBUG}\nproviders: {docker: {}}',
    },
    env: { TRAEFIK_ENTRYPOINTS_WEB_ADDRESS: ':2', BERTH_LOG_LEVEL: 'WARN' },
    argv: ['--entrypoints.web.address=:3'],
  });
  assert.deepEqual(faults, []);
  assert.equal(config.entryPoints[0]?.port, 3);
  assert.equal(config.entryPoints[0]?.asDefault, true);
  assert.equal(config.log.level, 'warn');
});

test('workers and lanes: all cores and all lanes unless they are given', () => {
  const usual = load({ argv: [docker] }).config;
  assert.equal(usual.workers, undefined);
  assert.equal(usual.lanes, 'all');
  const given = load({ argv: [docker, '--workers=3', '--dataplane.lanes=fastify'] });
  assert.deepEqual(given.faults, []);
  assert.equal(given.config.workers, 3);
  assert.equal(given.config.lanes, 'fastify');
});

for (const nonsense of ['0', '-2', '257', '1.5', 'many', '']) {
  test(`${JSON.stringify(nonsense)} workers are an error with a way out`, () => {
    assert.match(problems({ argv: [docker, `--workers=${nonsense}`] }).join(), /^error .*workers: /);
  });
}

test('an unknown lane is an error with the nearest known one', () => {
  assert.match(
    problems({ argv: [docker, '--dataplane.lanes=fastfy'] }).join(),
    /^error --dataplane\.lanes: .* Did you mean fastify\?/,
  );
});

test('BERTH_ wins over TRAEFIK_', () => {
  assert.equal(
    load({ argv: [docker], env: { BERTH_LOG_LEVEL: 'WARN', TRAEFIK_LOG_LEVEL: 'DEBUG' } }).config.log.level,
    'warn',
  );
});

test('TOML says the same as YAML', () => {
  const toml =
    '[entryPoints.web]\naddress = ":8000"\n[entryPoints.web.transport.lifeCycle]\ngraceTimeOut = "42s"\n[providers.docker]\nexposedByDefault = false';
  const { config, faults } = load({ configFile: 'b.toml', files: { 'b.toml': toml } });
  assert.deepEqual(faults, []);
  assert.equal(config.entryPoints[0]?.graceTimeoutMs, 42_000);
  assert.equal(config.docker?.exposedByDefault, false);
});

test('all faults are reported at once, each with its source and the nearest name', () => {
  const found = problems({
    argv: [
      docker,
      '--entrypoints.web.adress=:80',
      '--log.level=LOUD',
      '--entrypoints.web.forwardedheaders.trustedips=10.0.0.0/99',
    ],
  });
  assert.ok(
    found.some((line) => /^error --entrypoints\.web\.adress.*address/.test(line)),
    found.join('\n'),
  );
  assert.ok(
    found.some((line) => line.startsWith('error --log.level')),
    found.join('\n'),
  );
  assert.ok(
    found.some((line) => line.includes('10.0.0.0/99')) ||
      found.some((line) => line.includes('not [host]:port')),
    found.join('\n'),
  );
});

test('an option that Traefik has and Berth has not yet is a warning that names it', () => {
  const [first, ...rest] = problems({ argv: [docker, '--certificatesresolvers.le.acme.email=a@b.example'] });
  assert.match(first ?? '', /^warning --certificatesresolvers\.le\.acme\.email/);
  assert.deepEqual(rest, []);
});

test('an unknown variable is a warning, because orchestrators add their own', () => {
  assert.match(
    problems({ argv: [docker], env: { TRAEFIK_SERVICE_HOST: '10.0.0.1' } })[0] ?? '',
    /^warning TRAEFIK_SERVICE_HOST/,
  );
});

const broken: readonly { name: string; given: Given; expected: RegExp }[] = [
  {
    name: 'a file that is not there',
    given: { configFile: 'x.yml' },
    expected: /^error --configFile: There is no file x\.yml/,
  },
  {
    name: 'YAML that does not parse',
    given: { configFile: 'x.yml', files: { 'x.yml': 'a: [' } },
    expected: /^error x\.yml: .*line 1/,
  },
  {
    name: 'TOML that does not parse',
    given: { configFile: 'x.toml', files: { 'x.toml': 'a = = 1' } },
    expected: /^error x\.toml: .*line 1/,
  },
  {
    name: 'a malformed address',
    given: { argv: [docker, '--entrypoints.web.address=80'] },
    expected: /^error entryPoints\.web\.address/,
  },
  {
    name: 'two entry points on one port',
    given: { argv: [docker, '--entrypoints.a.address=:80', '--entrypoints.b.address=:80'] },
    expected: /both want :80/,
  },
  {
    name: 'an entry point on the port of the API',
    given: { argv: [docker, '--api.insecure', '--entrypoints.a.address=:8080'] },
    expected: /both want :8080/,
  },
  { name: 'no provider', given: {}, expected: /^warning providers: / },
  {
    name: 'a redirection to an entry point that does not exist',
    given: {
      argv: [
        docker,
        '--entrypoints.web.address=:80',
        '--entrypoints.websecure.address=:443',
        '--entrypoints.web.http.redirections.entrypoint.to=websecur',
      ],
    },
    expected: /^error entryPoints\.web\.http\.redirections\.entryPoint\.to: .* Did you mean websecure\?/,
  },
  {
    name: 'an entry point of ping that does not exist',
    given: { argv: [docker, '--entrypoints.web.address=:80', '--ping.entrypoint=wep'] },
    expected: /^error ping\.entryPoint: There is no entry point "wep"\. Did you mean web\?/,
  },
];

for (const { name, given, expected } of broken) {
  test(`${name} is named`, () => assert.match(problems(given).join('\n'), new RegExp(expected.source, 'm')));
}

test('redirections are permanent and to https unless said otherwise', () => {
  const redirectionOf = (...more: readonly string[]) => {
    const prefix = '--entrypoints.web.http.redirections.entrypoint';
    const argv = [docker, '--entrypoints.web.address=:80', '--entrypoints.secure.address=:8443'];
    const given = load({ argv: [...argv, ...more.map((option) => `${prefix}.${option}`)] });
    assert.deepEqual(given.faults, []);
    return given.config.entryPoints[0]?.redirection;
  };
  assert.equal(redirectionOf(), undefined);
  assert.deepEqual(redirectionOf('to=secure'), {
    to: 'secure',
    port: '8443',
    scheme: 'https',
    permanent: true,
  });
  assert.deepEqual(redirectionOf('to=:443', 'scheme=http', 'permanent=false', 'priority=10'), {
    to: ':443',
    port: '443',
    scheme: 'http',
    permanent: false,
    priority: 10,
  });
});

test('the entry point traefik is the gateway’s own as long as it serves something there', () => {
  const entryPointsOf = (...argv: readonly string[]) => {
    const { config, faults } = load({ argv: [docker, '--entrypoints.traefik.address=:9000', ...argv] });
    assert.deepEqual(faults, []);
    return [config.entryPoints.map(({ name }) => name), config.internalEntryPoint?.port];
  };
  assert.deepEqual(entryPointsOf('--api.insecure', '--entrypoints.web.address=:80'), [['web'], 9000]);
  assert.deepEqual(entryPointsOf('--ping', '--entrypoints.web.address=:80'), [['web'], 9000]);
  const others = ['--api', '--ping.entrypoint=web', '--metrics.prometheus.manualrouting=true'];
  assert.deepEqual(entryPointsOf(...others, '--entrypoints.web.address=:80'), [
    ['traefik', 'web'],
    undefined,
  ]);
});

test('an entry point may be called __proto__ without harm', () => {
  const { config } = load({
    argv: [docker, '--entrypoints.__proto__.address=:81', '--entrypoints.web.address=:80'],
  });
  assert.ok(config.entryPoints.some(({ name }) => name === 'web'));
  assert.equal(({} as Record<string, unknown>).address, undefined);
});

test('http3 says why there is none', () => {
  const argv = ['--entrypoints.websecure.address=:443', docker, '--entrypoints.websecure.http3=true'];
  assert.equal(isBuiltin('node:quic'), false, 'once Node has QUIC the message is no longer true');
  assert.deepEqual(problems({ argv }), [
    'warning --entrypoints.websecure.http3: Traefik has http3; Berth does not have it yet. The Node that Berth runs on is built without QUIC. Clients of the entry point keep to TCP.',
  ]);
});

test('an entry point of UDP has a timeout and a bound, and shares no port with one of TCP', () => {
  const udp = '--entrypoints.dns.address=:53/udp';
  const { config, faults } = load({ argv: ['--entrypoints.tcp.address=:53', udp, docker] });
  assert.deepEqual(faults, []);
  assert.deepEqual(
    config.udpEntryPoints.map(({ name, port, timeoutMs, maxSessions }) => [
      name,
      port,
      timeoutMs,
      maxSessions,
    ]),
    [['dns', 53, 3_000, 4_096]],
  );
  const twice = load({ argv: [udp, '--entrypoints.other.address=:53/udp', docker] });
  assert.match(twice.faults[0]?.message ?? '', /dns and other both want/);
  const never = load({ argv: [udp, '--entrypoints.dns.udp.timeout=0', docker] });
  assert.match(never.faults[0]?.message ?? '', /timeout must be more than 0/);
});

test('networks of proxies are checked', () => {
  const web = '--entrypoints.web.address=:80';
  const trusting = load({ argv: [web, '--entrypoints.web.proxyprotocol.trustedips=10.0.0.0/8', docker] });
  assert.deepEqual(trusting.config.entryPoints[0]?.proxyProtocol, {
    insecure: false,
    trustedIPs: ['10.0.0.0/8'],
  });
  const faulty = load({ argv: [web, '--entrypoints.web.proxyprotocol.trustedips=10.0.0.0/99', docker] });
  assert.match(faulty.faults[0]?.source ?? '', /proxyProtocol\.trustedIPs$/);
});
