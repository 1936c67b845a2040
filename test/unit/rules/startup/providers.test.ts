// Options of providers besides Docker: defaults, and what keeps a gateway from starting.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadStartup } from '../../../../src/rules/startup/load-startup.ts';
import { parseArguments } from '../../../../src/rules/startup/parse-arguments.ts';

function load(...argv: readonly string[]) {
  const { entries } = parseArguments(argv, {});
  return loadStartup({ flags: entries, environment: {}, configFile: '', readFile: () => undefined });
}

test('defaults are filled in', () => {
  const { config, faults } = load('--providers.file.directory=x', '--providers.http.endpoint=http://a/b');
  assert.deepEqual(faults, []);
  assert.deepEqual(config.file, { filename: '', directory: 'x', watch: true });
  assert.deepEqual(config.http, {
    endpoint: 'http://a/b',
    pollIntervalMs: 5_000,
    pollTimeoutMs: 5_000,
    headers: {},
    maxResponseBodySize: -1,
  });
  assert.equal(config.precedence, undefined);
});

const faulty: readonly [argv: readonly string[], source: string, message: RegExp][] = [
  [['--providers.file.watch=true'], 'providers.file', /^Neither filename nor directory is set\.$/],
  [
    ['--providers.file.filename=a.yaml', '--providers.file.directory=b'],
    'providers.file',
    /^Both filename and directory are set\.$/,
  ],
  [['--providers.file.filename=routes'], 'providers.file.filename', /does not tell the format/],
  [['--providers.http=true'], 'providers.http.endpoint', /^There is no endpoint\.$/],
  [['--providers.http.endpoint=ftp://a'], 'providers.http.endpoint', /no URL of HTTP/],
  [
    ['--providers.http.endpoint=http://a', '--providers.http.pollInterval=0'],
    'providers.http.pollInterval',
    /longer than 0/,
  ],
  [
    ['--providers.precedence=file,dokcer', '--providers.docker'],
    'providers.precedence',
    /^There is no provider "dokcer"\.$/,
  ],
];
for (const [argv, source, message] of faulty) {
  test(`the gateway does not start: ${argv.join(' ')}`, () => {
    const [fault, ...others] = load(...argv).faults.filter(({ severity }) => severity === 'error');
    assert.deepEqual(others, []);
    assert.equal(fault?.source, source);
    assert.match(fault?.message ?? '', message);
  });
}

test('Redis: defaults, and what no client could connect with', () => {
  const { config } = load('--providers.redis=true');
  assert.deepEqual(config.redis, {
    endpoints: ['127.0.0.1:6379'],
    rootKey: 'traefik',
    username: '',
    password: '',
    db: 0,
  });
  const sources = (...argv: readonly string[]) =>
    load('--providers.redis', ...argv)
      .faults.filter(({ severity }) => severity === 'error')
      .map(({ source }) => source);
  assert.deepEqual(sources('--providers.redis.endpoints=http://a'), ['providers.redis.endpoints']);
  assert.deepEqual(sources('--providers.redis.endpoints=a:1,b:2'), ['providers.redis.endpoints']);
  assert.deepEqual(sources('--providers.redis.endpoints=a:1,b:2', '--providers.redis.sentinel.username=u'), [
    'providers.redis.sentinel.masterName',
  ]);
});

test('an order of providers is taken in any case', () => {
  const { config } = load('--providers.docker', '--providers.precedence=File,Docker');
  assert.deepEqual(config.precedence, ['file', 'docker']);
});
