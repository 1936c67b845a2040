// The server as a process: loading, draining, crashing, keep-alive.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isSpeech } from '../../cosyvoice/is-speech.ts';
import { send } from '../../support/cosyvoice-replica.ts';

const SERVER = fileURLToPath(new URL('../../cosyvoice/server.ts', import.meta.url));
const TEXT = 'A stream that is under way is spoken to its end.';
const SFT = { tts_text: TEXT, spk_id: '中文女' };

describe('server', () => {
  it('finishes its streams on SIGTERM, takes no new connection, and exits with 0', async () => {
    const { child, port } = await startServer({ CURVE: 'h200' });
    const streaming = send(port, '/inference_sft', { form: SFT, onHead: () => child.kill('SIGTERM') });
    const exited = once(child, 'exit');
    const answer = await streaming;
    assert.ok(answer.complete && isSpeech(answer.body, TEXT));
    assert.deepEqual(await exited, [0, null]);
    await assert.rejects(send(port, '/health', { method: 'GET' }), { code: 'ECONNREFUSED' });
  });

  it('does not wait for kept connections on SIGTERM', async () => {
    const { child, port } = await startServer({ CURVE: 'h200' });
    const socket = connect(port, '127.0.0.1');
    const body = new URLSearchParams(SFT).toString();
    const type = 'application/x-www-form-urlencoded';
    socket.write(`POST /inference_sft HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n`);
    socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
    let end = '';
    let endedAt = 0;
    socket.on('data', (piece: Buffer) => {
      endedAt = performance.now();
      end = `${end}${piece.toString('latin1')}`.slice(-5);
    });
    await once(socket, 'data');
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    assert.equal(end, '0\r\n\r\n');
    // From the answer's end, not from the signal: how long it speaks depends on what else the machine does.
    assert.ok(performance.now() - endedAt < 4000, 'the keep-alive time was waited for');
  });

  it('opens its port only after the load time', async () => {
    const start = performance.now();
    const { child } = await startServer({ LOAD_SECONDS: '1' });
    assert.ok(performance.now() - start >= 1000);
    await stop(child);
  });

  it('is gone when it crashes', async () => {
    const { child, port } = await startServer({ FAULT: 'crash', FAULT_AFTER_BYTES: '2000' });
    const exited = once(child, 'exit');
    const answer = await send(port, '/inference_sft', { form: SFT });
    assert.deepEqual([answer.body.length, answer.complete], [2000, false]);
    assert.deepEqual(await exited, [137, null]);
  });

  it('closes an idle connection after five seconds, and never promises a time', async () => {
    const { child, port } = await startServer({});
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /health HTTP/1.1\r\nHost: replica\r\n\r\n');
    const [head] = await once(socket, 'data');
    const idleSince = performance.now();
    assert.doesNotMatch(String(head), /keep-alive/i);
    await once(socket, 'close');
    const idle = performance.now() - idleSince;
    assert.ok(idle > 4500 && idle < 9000, `${idle} ms`);
    await stop(child);
  });

  it('prints its help, and refuses settings that make no sense', async () => {
    const help = spawn(process.execPath, [SERVER, '--help']);
    const [text] = await once(help.stdout, 'data');
    assert.match(String(text), /LOAD_SECONDS/);
    const wrong = spawn(process.execPath, [SERVER], { env: { ...process.env, CURVE: 'gtx' } });
    const [complaint] = await once(wrong.stderr, 'data');
    assert.match(String(complaint), /CURVE=gtx/);
    assert.deepEqual(await once(wrong, 'exit'), [2, null]);
  });
});

async function startServer(
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const env = { ...process.env, HOST: '127.0.0.1', PORT: '0', ...environment };
  const child = spawn(process.execPath, [SERVER], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /on port (\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    // The pipe is emptied, or the server would stop at a full one.
    child.stdout.resume();
    return { child, port: Number(port) };
  }
  throw new Error('The server ended before its port was open.');
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
}
