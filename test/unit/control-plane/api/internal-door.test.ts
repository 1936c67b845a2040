// The port for requests that routers send to services of the gateway itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openInternalDoor } from '../../../../src/control-plane/api/internal-door.ts';
import { internalField } from '../../../../src/model/internal-service.ts';

test('only who shows the key is heard, for services that there are', async () => {
  const door = await openInternalDoor(1024);
  const ask = (shown?: string) =>
    fetch(`${door.origin}/x`, shown === undefined ? {} : { headers: { [internalField]: shown } });
  try {
    assert.equal((await ask(`${door.key} api`)).status, 503, 'nobody serves yet');
    door.serve((service, request, response) => void response.end(`${service} ${request.url}`));
    assert.equal(await (await ask(`${door.key} api`)).text(), 'api /x');
    for (const shown of [undefined, '', 'api', `${door.key}x api`, `${door.key.slice(1)} api`, door.key]) {
      assert.equal((await ask(shown)).status, 403, String(shown));
    }
    assert.equal((await ask(`${door.key} noop`)).status, 403);
  } finally {
    await door.close();
  }
});
