// The gateway's own log in both formats.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { createLogger } from '../../../src/observability/create-logger.ts';
import { lineTarget } from './example-exchange.ts';

const json = { level: 'info', format: 'json', filePath: '' } as const;
const common = { ...json, format: 'common' } as const;

describe('the JSON log', () => {
  it('puts level, time, bindings, fields and message on one line', () => {
    const target = lineTarget();
    createLogger(json, { worker: 2 }, target).info({ port: 80 }, 'Listening.');
    const { time, ...line } = JSON.parse(target.lines[0] ?? '');
    assert.ok(Number.isFinite(Date.parse(time)));
    assert.deepEqual(line, { level: 'info', worker: 2, port: 80, message: 'Listening.' });
  });

  it('drops what is below its level', () => {
    const target = lineTarget();
    const log = createLogger({ ...json, level: 'error' }, {}, target);
    log.warn('no');
    log.error('yes');
    assert.equal(target.lines.length, 1);
  });

  it('never shows credentials, up to two levels deep', () => {
    const target = lineTarget();
    const log = createLogger(json, {}, target);
    log.info({
      password: 'hunter2',
      headers: { authorization: 'Basic hunter2', cookie: 'hunter2', 'proxy-authorization': 'hunter2' },
      middleware: { options: { users: ['a:hunter2'], customRequestHeaders: { 'X-Key': 'hunter2' } } },
    });
    assert.doesNotMatch(target.lines.join(), /hunter2/);
    assert.match(target.lines.join(), /<redacted>/);
  });

  it('reaches standard output from a worker thread', async () => {
    const module = JSON.stringify(
      new URL('../../../src/observability/create-logger.ts', import.meta.url).href,
    );
    const script = `
      const { Worker, isMainThread } = await import('node:worker_threads');
      const { createLogger } = await import(${module});
      createLogger(${JSON.stringify(json)}, { main: isMainThread }).info('here');
      if (isMainThread) {
        const source = 'import(' + JSON.stringify(${module}) + ').then(({ createLogger }) => createLogger(${JSON.stringify(json)}, { main: false }).info("here"))';
        new Worker(source, { eval: true });
      }`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ main, message }) => ({ main, message })),
      [
        { main: true, message: 'here' },
        { main: false, message: 'here' },
      ],
    );
  });
});

describe('the common log', () => {
  it('reads as time, level, message and fields', () => {
    const target = lineTarget();
    createLogger(common, { worker: 1 }, target).warn(
      { url: 'http://a:80/', words: 'two words' },
      'It’s "late".',
    );
    assert.match(
      target.lines[0] ?? '',
      /^\d{4}-\S+Z WRN It’s "late"\. worker=1 url=http:\/\/a:80\/ words="two words"\n$/,
    );
  });

  it('keeps a hostile message on its line and its control characters escaped', () => {
    const target = lineTarget();
    createLogger(common, {}, target).info(
      { name: '\u001b]0;x\u0007\n' },
      'a\n2026-01-01T00:00:00Z ERR forged\u001b[2J',
    );
    assert.equal(target.lines.length, 1);
    assert.equal(target.lines[0]?.split('\n').length, 2);
    assert.doesNotMatch(target.lines[0]?.trimEnd() ?? '', /[\u0000-\u001f]/);
  });

  it('indents the stack of an error, so that no line of it passes for an entry', () => {
    const target = lineTarget();
    createLogger(common, {}, target).error({ err: new Error('first\n2026-01-01 second') }, 'Failed.');
    const [head, ...stack] = (target.lines[0] ?? '').trimEnd().split('\n');
    assert.match(head ?? '', /ERR Failed\.$/);
    assert.ok(stack.length > 2);
    for (const line of stack) assert.match(line, /^ {4}/);
  });
});
