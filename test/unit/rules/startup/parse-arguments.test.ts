// The command line means what it means to Traefik.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from '../../../../src/rules/startup/parse-arguments.ts';

const flags = { json: 'switch', project: 'value' } as const;
const pairs = (argv: readonly string[]) =>
  parseArguments(argv, flags).entries.map(({ path, value }) => [path.join('.'), value]);

const cases: readonly { name: string; argv: readonly string[]; expected: readonly (readonly string[])[] }[] =
  [
    {
      name: 'a value behind =',
      argv: ['--entryPoints.web.address=:80'],
      expected: [['entryPoints.web.address', ':80']],
    },
    {
      name: 'a value that holds =',
      argv: ['--providers.docker.constraints=Label(`a`,`b=c`)'],
      expected: [['providers.docker.constraints', 'Label(`a`,`b=c`)']],
    },
    {
      name: 'a value as the next argument',
      argv: ['--ENTRYPOINTS.web.Address', ':80'],
      expected: [['ENTRYPOINTS.web.Address', ':80']],
    },
    {
      name: 'a switch alone is true and leaves the operand alone',
      argv: ['--api.insecure', 'run'],
      expected: [['api.insecure', 'true']],
    },
    {
      name: 'a section alone is switched on',
      argv: ['--providers.docker'],
      expected: [['providers.docker', 'true']],
    },
    { name: 'one dash works like two', argv: ['-ping=true'], expected: [['ping', 'true']] },
    {
      name: 'an empty value is kept',
      argv: ['--providers.docker.network='],
      expected: [['providers.docker.network', '']],
    },
  ];

for (const { name, argv, expected } of cases) {
  test(name, () => assert.deepEqual(pairs(argv), expected));
}

test('the first operand is the command, the others belong to it', () => {
  const { command, operands, commandFlags } = parseArguments(
    ['check', 'a.yaml', '--json', 'b.yaml', '--project', 'shop'],
    flags,
  );
  assert.equal(command, 'check');
  assert.deepEqual(operands, ['a.yaml', 'b.yaml']);
  assert.deepEqual(
    [...commandFlags],
    [
      ['json', ['true']],
      ['project', ['shop']],
    ],
  );
});

test('without an operand the command is run', () => {
  assert.equal(parseArguments(['--api'], flags).command, 'run');
  assert.equal(parseArguments(['-h'], flags).help, true);
});
