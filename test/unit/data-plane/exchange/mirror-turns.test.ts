// Which requests are copied: the same ones as in Traefik, which counts requests and copies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMirrored } from '../../../../src/data-plane/exchange/mirror-turns.ts';

test('as many requests are copied as Traefik copies, and the same ones', () => {
  for (let percent = 0; percent <= 100; percent++) {
    let copies = 0;
    for (let nth = 1; nth <= 250; nth++) {
      const isCopied = copies * 100 < nth * percent;
      if (isCopied) copies += 1;
      assert.equal(isMirrored(nth, percent), isCopied, `${percent} %, request ${nth}`);
    }
  }
});
