// Variables in compose files mean what they mean to compose.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interpolate } from '../../../src/commands/interpolate.ts';

const environment = { HOST: 'tts.example.com', EMPTY: '' };
const cases: readonly (readonly [string, string])[] = [
  ['Host(`$HOST`)', 'Host(`tts.example.com`)'],
  ['${HOST}:80', 'tts.example.com:80'],
  ['${MISSING:-a.example}', 'a.example'],
  ['${EMPTY:-a.example}', 'a.example'],
  ['${EMPTY-a.example}', ''],
  ['${HOST:+set}', 'set'],
  ['${MISSING+set}', ''],
  ['${MISSING}', ''],
  ['user:$$apr1$$x$$y', 'user:$apr1$x$y'],
  ['^/(.*)$', '^/(.*)$'],
];

for (const [text, expected] of cases) {
  test(`${text} becomes ${expected}`, () => assert.equal(interpolate(text, environment), expected));
}
