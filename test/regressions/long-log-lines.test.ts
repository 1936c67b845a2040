// A label of a megabyte was logged whole. Threads share standard output, and a pipe takes at most 4 KiB in one piece, so
// that a line of the access log ended up in the middle of it and neither could be parsed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPublisher } from '../../src/control-plane/publisher/create-publisher.ts';
import { declare, declareRouter } from '../support/declare.ts';

test('what is logged of a fault fits into one write, whatever the label holds', () => {
  const lines: string[] = [];
  const publisher = createPublisher({
    providers: [],
    entryPoints: [{ name: 'web', asDefault: true }],
    defaultRuleSyntax: 'v3',
    throttleMs: 0,
    onConfig: () => {},
    log: { info: () => {}, warn: (fields, message) => lines.push(JSON.stringify({ fields, message })) },
  });
  const name = '語'.repeat(10_000);
  publisher.receive(declare({ routers: [declareRouter(name, { rule: '語'.repeat(300_000) })] }));
  assert.ok(lines.length > 0);
  for (const line of lines) assert.ok(Buffer.byteLength(line) < 4096, `${Buffer.byteLength(line)} bytes`);
  assert.ok((publisher.current().diagnostics[0]?.object.name.length ?? 0) > 10_000, 'the API has it all');
  publisher.close();
});
