// Made-up byte streams through the whole gateway, with this run's lanes: what reaches the replica are requests that llhttp
// reads in what the client sent, each once and with its own body. So no stream becomes more requests than it holds.
import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { cut, seeded } from '../fuzz/choices.ts';
import { type Message, readRequests } from '../fuzz/llhttp.ts';
import { generateRequests } from '../fuzz/requests.ts';
import { gatewayTo } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { ok } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

const clients = 60;
const rounds = 5;
const fixedSeed = 4;
/** Bytes one by one are for the parsers alone; what is not sent is a client that stops in the middle. */
const maxPieces = 40;

type Request = {
  readonly method: string;
  readonly host: string;
  readonly body: string;
  readonly isWhole: boolean;
};

/** A replica that keeps what it reads, and answers each request when it is whole. */
async function recordingReplica() {
  const requests: (() => Request[])[] = [];
  const faults: string[] = [];
  const server = createServer((socket) => {
    let bytes = '';
    let answered = 0;
    const read = () => readRequests(Buffer.from(bytes, 'latin1'));
    requests.push(() =>
      read().messages.map(({ method, fields, body, isWhole }) => ({
        method,
        host: hostOf(fields),
        body,
        isWhole,
      })),
    );
    socket.setEncoding('latin1').on('error', () => {});
    socket.on('data', (text: string) => {
      bytes += text;
      const { messages, error } = read();
      if (error !== undefined) faults.push(`${error} in ${JSON.stringify(bytes)}`);
      for (const { isWhole } of messages.slice(answered)) {
        if (!isWhole) break;
        answered += 1;
        socket.write(ok());
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    faults,
    received: () => requests.flatMap((list) => list()),
    [Symbol.dispose]: () => void server.close(),
  };
}

function hostOf(fields: readonly string[]): string {
  const at = fields.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  return fields[at + 1] ?? '';
}

for (const seed of [fixedSeed, Math.floor(Math.random() * 1_000_000)]) {
  test(`no stream of bytes becomes more requests than it holds (seed ${seed})`, async () => {
    const choices = seeded(seed);
    using replica = await recordingReplica();
    await using web = await gatewayTo(replica.url).start();
    const sent = new Map<string, Buffer>();
    for (let round = 0; round < rounds; round++) {
      await Promise.all(
        Array.from({ length: clients }, async (_, at) => {
          const host = `h${round}-${at}`;
          const bytes = Buffer.from(
            generateRequests(choices).toString('latin1').replaceAll('Host: a', `Host: ${host}`),
            'latin1',
          );
          sent.set(host, bytes);
          using client = await rawClient(web.port);
          for (const piece of cut(choices, bytes).slice(0, maxPieces)) client.socket.write(piece);
          await delay(300);
        }),
      );
    }
    await until('requests arrive', () => replica.received().length > 10);
    assert.deepEqual(replica.faults, []);
    const left = new Map([...sent].map(([host, bytes]) => [host, [...readRequests(bytes).messages]]));
    for (const { method, host, body, isWhole } of replica.received()) {
      // The host says whose it was, unless the generator has changed it, or a target in absolute form.
      const known = left.get(host);
      const isSame = (each: Message): boolean =>
        each.method === method && (isWhole ? each.body === body : each.body.startsWith(body));
      const theirs = (known === undefined ? [...left.values()] : [known]).find((list) => list.some(isSame));
      assert.ok(
        theirs !== undefined,
        `${method} ${JSON.stringify(body)} for ${host} of ${JSON.stringify(sent.get(host)?.toString('latin1'))}`,
      );
      theirs.splice(theirs.findIndex(isSame), 1);
    }
  });
}
