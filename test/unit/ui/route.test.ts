// Addresses inside the dashboard, and the throttle of its refetching.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { throttle } from '../../../ui/src/live/throttle.ts';
import { parseHash, toHref } from '../../../ui/src/navigation/route.ts';

describe('places', () => {
  const names = ['web@docker', 'a/b', '../..', '?x=1#y', '%', '<img src=x>', '__proto__', 'ä ö'];
  for (const name of names) {
    it(`leads "${name}" there and back`, () => {
      const { path, query } = parseHash(toHref(['routers', name], { q: name, page: '' }));
      assert.deepEqual(path, ['routers', name]);
      assert.deepEqual([...query], [['q', name]]);
    });
  }

  it('takes anything for a place without throwing', () => {
    assert.deepEqual(parseHash('').path, ['']);
    assert.deepEqual(parseHash('#/').path, ['']);
    assert.deepEqual(parseHash('#/routers/%E0%A4%A').path, ['routers', '%E0%A4%A']);
    assert.equal(parseHash('#/?q=%ff').path[0], '');
  });
});

describe('throttle', () => {
  it('runs at once, merges what comes in between, and runs once more at the end', (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    let runs = 0;
    const throttled = throttle(() => {
      runs += 1;
    }, 1000);
    throttled.run();
    assert.equal(runs, 1);
    throttled.run();
    throttled.run();
    assert.equal(runs, 1);
    context.mock.timers.tick(1000);
    assert.equal(runs, 2);
    context.mock.timers.tick(5000);
    assert.equal(runs, 2);
    throttled.run();
    assert.equal(runs, 3);
  });

  it('drops what is waiting when it is cancelled', (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    let runs = 0;
    const throttled = throttle(() => {
      runs += 1;
    }, 1000);
    throttled.run();
    throttled.run();
    throttled.cancel();
    context.mock.timers.tick(5000);
    assert.equal(runs, 1);
  });
});
