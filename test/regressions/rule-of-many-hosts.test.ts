// A rule that names thousands of hosts was compiled anew in each of the 128 shards of the router table: one label of
// half a megabyte stopped all requests for seconds and took half a gigabyte.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompiledRouter } from '../../src/data-plane/exchange/snapshot.ts';
import { createRouterTableCompiler, shardsOf } from '../../src/data-plane/snapshot/router-table.ts';
import { parseRule } from '../../src/rules/routing/parse-rule.ts';

function entry(name: string, text: string) {
  const parsed = parseRule(text, 'v3');
  assert.ok(parsed.ok);
  const { rule } = parsed;
  const router = { name, chain: [], service: undefined } as unknown as CompiledRouter;
  const place = { priority: text.length, order: name, entryPoints: ['web'], tlsEntryPoints: [] };
  return { router, rule, ...place, shards: shardsOf(rule) };
}

test('a rule of many hosts is compiled once, and takes each of them', () => {
  const hosts = Array.from({ length: 2_000 }, (_, at) => `Host(\`h${at}.test\`)`);
  const many = entry('many', hosts.join(' || '));
  assert.equal(many.shards.length, 1);
  const table = createRouterTableCompiler()({ removed: [], added: [many, entry('one', 'Host(`one.test`)')] });
  const ask = (host: string) =>
    table.match({ method: 'GET', host, path: '/', rawQuery: '', clientAddress: '', headers: {} })?.name;
  assert.equal(ask('h0.test'), 'many');
  assert.equal(ask('h1999.test'), 'many');
  assert.equal(ask('one.test'), 'one');
  assert.equal(ask('other.test'), undefined);
});
