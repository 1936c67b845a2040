// explain says what becomes of a request and why; each case is something that people really get wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyDynamicConfig } from '../../../../src/model/dynamic-config.ts';
import { internalServices } from '../../../../src/model/internal-service.ts';
import { explain, explainNow } from '../../../../src/rules/explain/explain.ts';
import { type QuestionParts, readQuestion } from '../../../../src/rules/explain/read-question.ts';
import { toInternalConfig } from '../../../../src/rules/resolve/internal-config.ts';
import { resolve } from '../../../../src/rules/resolve/resolve.ts';
import { loadStartup } from '../../../../src/rules/startup/load-startup.ts';
import {
  declare,
  declareMiddleware,
  declareRouter,
  declareService,
  replicaOf,
} from '../../../support/declare.ts';

const entryPoints = [
  { name: 'web', port: 80, asDefault: false },
  { name: 'websecure', port: 8443, asDefault: false },
];
const sources = { entryPoints, published: new Map([[443, 8443]]), healthOf: () => undefined };

const internal = toInternalConfig(
  loadStartup({ flags: [], environment: {}, configFile: '', readFile: () => undefined }).config,
  internalServices,
);

const configOf = (parts: Parameters<typeof declare>[0]) =>
  resolve({
    providers: [declare(parts), internal],
    entryPoints,
    defaultRuleSyntax: 'v3',
    previous: emptyDynamicConfig,
  });

const tcpRouter = (options: object) => ({
  name: 'raw',
  options: { service: 'db', ...options },
  origins: ['c'],
  faults: [],
  labels: [],
});
const tcpService = { name: 'db', options: {}, origins: ['c'], faults: [], replicas: [replicaOf('r')] };

const config = configOf({
  services: [
    declareService('app'),
    declareService('ill', {}, { replicas: [replicaOf('one', 'unhealthy'), replicaOf('two', 'starting')] }),
    declareService('empty', {}, { replicas: [] }),
  ],
  middlewares: [declareMiddleware('prefix')],
  routers: [
    declareRouter('tts', { middlewares: ['prefix'], entryPoints: ['web'] }),
    declareRouter('all', { rule: 'Host(`tts.test`) && PathPrefix(`/`)', priority: 1, entryPoints: ['web'] }),
    declareRouter('safe', { tls: {}, entryPoints: ['websecure'] }),
    declareRouter('ill', { service: 'ill' }),
    declareRouter('empty', { service: 'empty' }),
    declareRouter('lost', { service: 'nowhere' }),
    declareRouter('post', { rule: 'Host(`post.test`) && Method(`POST`) && Header(`X-Key`, `a`)' }),
  ],
});

const partsOf = (url: string, more: Partial<QuestionParts> = {}): QuestionParts => ({
  url,
  method: '',
  headers: [],
  client: '',
  entryPoint: '',
  ...more,
});

function ask(url: string, more: Partial<QuestionParts> = {}, of = config) {
  const read = readQuestion(partsOf(url, more));
  assert.ok(read.ok, 'the question can be read');
  return explainNow(read.question, of, sources);
}

test('services over services are followed to their replicas', () => {
  const member = (name: string) => ({ name, weight: 1 });
  const canary = configOf({
    services: [
      declareService('app'),
      declareService('ill', {}, { replicas: [replicaOf('one', 'unhealthy')] }),
      {
        ...declareService('w'),
        options: { kind: 'weighted', options: { services: [member('app'), member('ill'), member('app')] } },
        replicas: [],
      },
    ],
    routers: [declareRouter('tts', { service: 'w' })],
  });
  const { outcome, replicas } = ask('http://tts.test/', {}, canary);
  assert.equal(outcome.kind, 'forwarded');
  assert.match(outcome.text, /the one ready replica of w@docker/);
  assert.deepEqual(
    replicas.map(({ isReady }) => isReady),
    [true, false],
  );
});

test('a request that is served: the router, why not the other one, middlewares, service and replicas', () => {
  const { outcome, entryPoint, routers, middlewares, service, replicas } = ask('http://tts.test/v1');
  assert.equal(outcome.kind, 'forwarded');
  assert.deepEqual(entryPoint, { name: 'web', reason: 'It listens on port 80.' });
  assert.deepEqual(
    routers.slice(0, 2).map(({ name, verdict }) => [name, verdict]),
    [
      ['tts@docker', 'chosen'],
      ['all@docker', 'outranked'],
    ],
  );
  assert.match(routers[1]?.reasons[0] ?? '', /tts@docker is asked first: its priority is \d+, and 1 here/);
  assert.deepEqual(
    middlewares.map(({ name, kind }) => [name, kind]),
    [['prefix@docker', 'addPrefix']],
  );
  assert.equal(service?.name, 'app@docker');
  assert.deepEqual(replicas, [{ name: 'http://10.0.0.1:80', url: 'http://10.0.0.1:80', isReady: true }]);
});

const refused: readonly (readonly [
  what: string,
  url: string,
  status: number,
  hint: RegExp,
  more?: object,
])[] = [
  [
    'another host',
    'http://ttz.test/',
    404,
    /nearest router[^:]*: Host\(`\w+\.test`\): the host is "ttz.test"/,
  ],
  ['plain where TLS is wanted', 'http://safe.test/', 404, /websecure|https/, { entryPoint: 'websecure' }],
  ['TLS where there is none', 'https://tts.test/', 404, /tls=true|Add websecure/, { entryPoint: 'web' }],
  ['another entry point', 'http://safe.test/', 404, /Add web to entryPoints of the router safe@docker/],
  ['a disabled router', 'http://lost.test/', 404, /lost@docker would take it, but is disabled: .*nowhere/],
  ['a method and a field', 'http://post.test/', 404, /the method is GET\. .*no field X-Key/],
  ['replicas that are not ready', 'http://ill.test/', 503, /reason beside each replica/],
  ['no replica', 'http://empty.test/', 503, /Start a container/],
  ['a path in disguise', 'http://tts.test/a%2Fb', 400, /plain path/],
];

for (const [what, url, status, hint, more] of refused) {
  test(`${what}: ${status}, and what to do`, () => {
    const { outcome } = ask(url, more);
    assert.equal(outcome.status, status);
    assert.match(outcome.hint ?? '', hint);
  });
}

test('method, fields and client of the question count', () => {
  const more = { method: 'post', headers: ['x-key: a'] };
  assert.equal(ask('http://post.test/', more).outcome.kind, 'forwarded');
});

test('each replica that gets nothing says why', () => {
  const reasons = ask('http://ill.test/').replicas.map(({ reason }) => reason);
  assert.match(reasons.join(' '), /HEALTHCHECK of the container fails.*starting/);
});

test('a port leads to the entry point that it is published for; one that nothing listens on is refused', () => {
  const { entryPoint, outcome } = ask('https://safe.test/');
  assert.match(entryPoint?.reason ?? '', /8443, which is published as 443/);
  assert.equal(outcome.kind, 'forwarded');
  const unheard = ask('http://safe.test:81/').outcome;
  assert.equal(unheard.kind, 'not-heard');
  assert.match(unheard.hint ?? '', /web \(:80\), websecure \(:8443\)/);
});

test('what the gateway answers itself is no failure: a redirection, and its own API', () => {
  const of = configOf({
    middlewares: [declareMiddleware('secure', { kind: 'redirectScheme', options: { scheme: 'https' } })],
    routers: [
      declareRouter('old', { service: 'noop@internal', middlewares: ['secure'] }),
      declareRouter('lab', { service: 'api@internal' }),
    ],
  });
  const [redirected, own] = [ask('http://old.test/', {}, of), ask('http://lab.test/', {}, of)];
  assert.equal(redirected.outcome.kind, 'answered');
  assert.match(redirected.outcome.text, /by the middleware redirectScheme/);
  assert.deepEqual(redirected.replicas, []);
  assert.equal(own.outcome.kind, 'answered');
  assert.match(own.outcome.text, /api@internal/);
});

test('middlewares are those of the entry point, of the router and of its service, chains taken apart', () => {
  const of = configOf({
    services: [declareService('app', { middlewares: ['last'] })],
    middlewares: [
      ...['first', 'second', 'last'].map((name) => declareMiddleware(name)),
      declareMiddleware('both', { kind: 'chain', options: { middlewares: ['first', 'second'] } }),
    ],
    routers: [declareRouter('a', { middlewares: ['both'] })],
  });
  assert.deepEqual(
    ask('http://a.test/', {}, of).middlewares.map(({ name }) => name),
    ['first@docker', 'second@docker', 'last@docker'],
  );
});

test('a path in disguise passes where the middleware of its router allows it', () => {
  const options = { allowEncodedSlash: true };
  const of = configOf({
    middlewares: [declareMiddleware('slash', { kind: 'encodedCharacters', options })],
    routers: [declareRouter('a', { middlewares: ['slash'] }), declareRouter('b')],
  });
  assert.equal(ask('http://a.test/x%2Fy', {}, of).outcome.kind, 'forwarded');
  assert.equal(ask('http://b.test/x%2Fy', {}, of).outcome.status, 400);
});

test('a replica whose check has not ended yet gets nothing', () => {
  const healthCheck = { path: '/health' };
  const of = configOf({
    services: [declareService('app', { healthCheck })],
    routers: [declareRouter('a')],
  });
  const { outcome, replicas } = ask('http://a.test/', {}, of);
  assert.equal(outcome.status, 503);
  assert.match(replicas[0]?.reason ?? '', /has not ended yet/);
});

test('a TCP router that takes the connection is named', () => {
  const of = configOf({
    routers: [declareRouter('a', { tls: {} })],
    tcpRouters: [tcpRouter({ rule: 'HostSNI(`*`)', tls: {}, entryPoints: ['websecure'] })],
    tcpServices: [tcpService],
  });
  assert.equal(ask('https://other.test/', {}, of).outcome.kind, 'passed-on');
  assert.equal(
    ask('https://a.test/', {}, of).outcome.kind,
    'forwarded',
    'HTTPS routers that name the host come first',
  );
});

test('a negated or says of the side in the way', () => {
  const of = configOf({ routers: [declareRouter('a', { rule: '!(Host(`b.test`) || Path(`/x`))' })] });
  const { routers } = ask('http://b.test/y', {}, of);
  assert.deepEqual(routers[0]?.reasons, ['!Host(`b.test`): the host is "b.test".']);
});

test('thousands of routers are asked in turns, and only the nearest are told', () => {
  const routers = Array.from({ length: 500 }, (_, at) => declareRouter(`r${at}`));
  const read = readQuestion(partsOf('http://r77.test/'));
  assert.ok(read.ok);
  const steps = explain(read.question, configOf({ routers }), sources);
  let turns = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) turns += 1;
  assert.equal(turns, 10);
  assert.equal(step.value.routers[0]?.name, 'r77@docker');
  assert.equal(step.value.routers.length + step.value.otherRouters, 500);
  assert.ok(step.value.routers.length < 20);
});

test('what is no question says how to ask', () => {
  for (const url of ['tts.test/x', 'ftp://a/', 'http://user@a/', '']) {
    const read = readQuestion(partsOf(url));
    assert.ok(!read.ok && /Write it whole/.test(read.message), url);
  }
  const read = readQuestion(partsOf('http://a/', { headers: ['nonsense'] }));
  assert.ok(!read.ok && /Name:value/.test(read.message));
});
