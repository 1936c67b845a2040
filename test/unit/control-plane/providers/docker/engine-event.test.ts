// One line of the Engine's event stream becomes what routing cares about, or nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEngineEvent } from '../../../../../src/control-plane/providers/docker/engine-event.ts';

const id = 'a'.repeat(64);
const line = (event: object) =>
  JSON.stringify({ Type: 'container', Actor: { ID: id }, timeNano: 2_500_000, ...event });

test('a kill carries its signal, a health status its health, a time its milliseconds', () => {
  const kill = parseEngineEvent(line({ Action: 'kill', Actor: { ID: id, Attributes: { signal: '15' } } }));
  assert.deepEqual(kill, { container: id, action: 'kill', at: 2, signal: '15', health: undefined });
  assert.equal(parseEngineEvent(line({ Action: 'health_status: healthy' }))?.health, 'healthy');
});

test('an event of a network concerns the container that it names', () => {
  const event = parseEngineEvent(
    line({ Type: 'network', Action: 'connect', Actor: { ID: 'net', Attributes: { container: id } } }),
  );
  assert.equal(event?.container, id);
});

const ignored: readonly { name: string; line: string }[] = [
  { name: 'no JSON', line: 'junk' },
  { name: 'no object', line: '7' },
  { name: 'an action that routing does not care about', line: line({ Action: 'exec_start: sh' }) },
  { name: 'an event of an image', line: line({ Type: 'image', Action: 'start' }) },
  { name: 'an action of networks at a container', line: line({ Action: 'connect' }) },
  { name: 'no container', line: line({ Action: 'start', Actor: {} }) },
  { name: 'a path for an id', line: line({ Action: 'start', Actor: { ID: '../../version' } }) },
];

for (const { name, line: text } of ignored) {
  test(`${name} is passed over`, () => assert.equal(parseEngineEvent(text), undefined));
}
