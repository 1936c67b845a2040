// `check` tells a newcomer what is wrong with a compose file, and how to mend it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dispatch } from '../../../src/commands/dispatch.ts';

const gateway = `
  gateway:
    image: berth
    command: ["--api.insecure=true", "--providers.docker=true", "--providers.docker.exposedbydefault=false", "--entrypoints.web.address=:80"]
    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]`;

const replica = (labels: readonly string[], more = '') => `
  tts:
    image: cosyvoice
    expose: ["7860"]
    ${more}
    labels: ${JSON.stringify(['traefik.enable=true', ...labels])}`;

async function run(argv: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const printed = { out: '', err: '' };
  const outcome = await dispatch(argv, {
    environment: {},
    version: '1.2.3',
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    readFile: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
  });
  return { ...printed, exitCode: outcome.kind === 'done' ? outcome.exitCode : -1 };
}

const check = (services: string, ...flags: string[]) =>
  run(['check', 'shop/compose.yaml', ...flags], { 'shop/compose.yaml': `services:${services}` });

test('a sound file has nothing to mend', async () => {
  const { out, exitCode } = await check(
    gateway +
      replica(['traefik.http.routers.a.rule=PathPrefix(`/`)', 'traefik.http.routers.a.entrypoints=web']),
  );
  assert.match(out, /✔ a@docker {2}PathPrefix\(`\/`\) {2}→ tts-shop@docker/);
  assert.match(out, /Nothing to mend\./);
  assert.equal(exitCode, 0);
});

const mistakes: readonly { name: string; labels: readonly string[]; more?: string; expected: RegExp }[] = [
  { name: 'a root', labels: ['trafik.http.routers.a.rule=x'], expected: /traefik\.http\.routers\.a\.rule/ },
  {
    name: 'a key',
    labels: ['traefik.http.routers.a.rule=Host(`a`)', 'traefik.http.routers.a.entrypoint=web'],
    expected: /entryPoints/i,
  },
  {
    name: 'a rule',
    labels: ['traefik.http.routers.a.rule=Hots(`a`)'],
    expected: /at character 1[\s\S]*Did you mean Host/,
  },
  {
    name: 'a service',
    labels: [
      'traefik.http.routers.a.rule=Host(`a`)',
      'traefik.http.routers.a.service=tss',
      'traefik.http.services.tts.loadbalancer.server.port=7860',
    ],
    expected: /tts/,
  },
];

for (const { name, labels, expected } of mistakes) {
  test(`a mistyped ${name} is named with the right one, and fails the check`, async () => {
    const { out, exitCode } = await check(gateway + replica(labels));
    assert.match(out, expected);
    assert.equal(exitCode, 1);
  });
}

test("the gateway's own flags in the file decide: an entry point that it does not have is named", async () => {
  const { out } = await check(
    gateway + replica(['traefik.http.routers.a.rule=Host(`a`)', 'traefik.http.routers.a.entrypoints=wbe']),
  );
  assert.match(out, /wbe[\s\S]*web/);
});

test('a replica that shares no network with the gateway is named', async () => {
  const { out, exitCode } = await check(
    `${gateway}${replica(['traefik.http.routers.a.rule=Host(`a`)'], 'networks: [other]')}\nnetworks: {other: {}}`,
  );
  assert.match(out, /shop_other/);
  assert.equal(exitCode, 1);
});

test('--json gives the diagnostics as data', async () => {
  const { out, exitCode } = await check(
    gateway + replica(['traefik.http.routers.a.rule=Hots(`a`)']),
    '--json',
  );
  const { diagnostics } = JSON.parse(out) as {
    diagnostics: { code: string; label: string; position: number }[];
  };
  assert.deepEqual(
    diagnostics.map(({ code, label, position }) => ({ code, label: label.split('=')[0], position })),
    [{ code: 'rule-syntax', label: 'traefik.http.routers.a.rule', position: 0 }],
  );
  assert.equal(exitCode, 1);
});

test('--explain follows a request, and names the label that is in its way', async () => {
  const labels = ['traefik.http.routers.a.rule=Host(`a.test`)', 'traefik.http.routers.a.entrypoint=web'];
  const broken = await check(gateway + replica(labels), '--explain', 'http://a.test/x');
  assert.match(broken.out, /✖ 404: No router takes the request/);
  assert.match(broken.out, /Did you mean traefik\.http\.routers\.a\.entryPoints\?/);
  assert.equal(broken.exitCode, 1);
  const mended = await check(gateway + replica(labels.slice(0, 1)), '--explain=http://a.test/x');
  assert.match(
    mended.out,
    /✔ a@docker[\s\S]*✔ shop-tts-1 {2}http:\/\/shop-tts-1:7860[\s\S]*✔ The router a@docker/,
  );
  assert.equal(mended.exitCode, 0);
});

test('--explain takes all files as one Engine, and answers as data with --json', async () => {
  const files = {
    'shop/gateway.yaml': `services:${gateway}`,
    'shop/tts.yaml': `services:${replica(['traefik.http.routers.a.rule=Host(`a.test`)'])}`,
  };
  const asked = ['--explain=http://a.test/', '--json'];
  const { out, exitCode } = await run(['check', ...Object.keys(files), ...asked], files);
  const { outcome, entryPoint } = JSON.parse(out) as {
    outcome: { kind: string };
    entryPoint: { name: string };
  };
  assert.equal(outcome.kind, 'forwarded');
  assert.equal(entryPoint.name, 'web');
  assert.equal(exitCode, 0);
});

test('what cannot be explained ends with 2 and says how to ask', async () => {
  const { err, exitCode } = await check(gateway, '--explain=a.test');
  assert.match(err, /Write it whole/);
  assert.equal(exitCode, 2);
});

test('what cannot be read ends with 2 and says why', async () => {
  assert.match((await run(['check', 'missing.yaml'])).err, /There is no file missing\.yaml/);
  assert.match((await run(['check'])).err, /compose\.yaml/);
  const broken = await run(['check', 'a.yaml'], { 'a.yaml': 'services: [' });
  assert.match(broken.out, /cannot be read/);
  assert.equal(broken.exitCode, 2);
});

test('help, version and a mistyped command', async () => {
  assert.match((await run(['--help'])).out, /--entryPoints\.<name>\.address/);
  assert.match((await run(['version'])).out, /^Berth 1\.2\.3/);
  const typo = await run(['chekc']);
  assert.match(typo.err, /Commands: run, check/);
  assert.equal(typo.exitCode, 2);
});

test('faults of the start-up configuration are listed together, and nothing starts', async () => {
  const { err, exitCode } = await run([
    '--entrypoints.web.adress=:80',
    '--api.insecure=perhaps',
    '--providers.docker',
  ]);
  assert.match(err, /2 faults|3 faults/);
  assert.match(err, /adress[\s\S]*perhaps|perhaps[\s\S]*adress/);
  assert.equal(exitCode, 2);
});
