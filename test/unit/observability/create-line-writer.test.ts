// Batches of lines on a descriptor: whole, in order, bounded.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { createLineWriter } from '../../../src/observability/create-line-writer.ts';

describe('the line writer', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-lines-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('writes all lines in order, long ones and non-ASCII ones too', async () => {
    const path = join(folder, 'order');
    const descriptor = openSync(path, 'a');
    const writer = createLineWriter(descriptor, assert.fail);
    const lines = Array.from({ length: 500 }, (_, n) => `${n} ${'é'.repeat(n % 7 === 0 ? 9000 : 30)}\n`);
    for (const line of lines) writer.write(line);
    await writer.flush();
    assert.equal(await readFile(path, 'utf8'), lines.join(''));
    closeSync(descriptor);
  });

  it('writes a single line after a short while without being asked', async () => {
    const path = join(folder, 'single');
    const descriptor = openSync(path, 'a');
    createLineWriter(descriptor, assert.fail).write('one\n');
    while ((await readFile(path, 'utf8')) === '') await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(await readFile(path, 'utf8'), 'one\n');
    closeSync(descriptor);
  });

  it('flushes at once when there is nothing to write', async () => {
    await createLineWriter(1, assert.fail).flush();
  });

  it('reports what cannot be written, and still resolves the flush', async () => {
    const descriptor = openSync('/dev/full', 'w');
    const errors: string[] = [];
    const writer = createLineWriter(descriptor, (error) => errors.push(error.message));
    writer.write('lost\n');
    await writer.flush();
    assert.match(errors.join(), /ENOSPC/);
    closeSync(descriptor);
  });

  it('never tears a line on a pipe that several threads write to', async () => {
    const module = JSON.stringify(
      new URL('../../../src/observability/create-line-writer.ts', import.meta.url).href,
    );
    const worker = `import(${module}).then(async ({ createLineWriter }) => {
      const writer = createLineWriter(1, () => process.exit(1));
      const line = String(require('node:worker_threads').workerData).repeat(700) + '\\n';
      for (let n = 0; n < 400; n++) writer.write(line);
      await writer.flush();
    })`;
    const script = `
      const { Worker } = require('node:worker_threads');
      for (const workerData of [1, 2, 3]) new Worker(${JSON.stringify(worker)}, { eval: true, workerData });`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { maxBuffer: 1e7 });
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.length, 1200);
    for (const line of lines) assert.match(line, /^(1{700}|2{700}|3{700})$/);
  });
});
