// Sends doubtful bytes through a whole gateway and judges what became of them on both sides.
import assert from 'node:assert/strict';
import type { Lanes } from '../../src/model/startup.ts';
import { type Message, readRequests } from '../fuzz/llhttp.ts';
import { gatewayTo } from './gateway.ts';
import { rawClient } from './raw-client.ts';
import { ownAddress, recordingReplica } from './recording-replica.ts';
import { until } from './until.ts';

/** What became of the bytes. */
export type Outcome = {
  /** Why llhttp rejects it. */
  readonly fault: string | undefined;
  /** Of the answers, in their order; where nothing was rejected, those to whole requests. */
  readonly statuses: readonly number[];
  /** What the replica has read, by connection. */
  readonly forwarded: readonly (readonly Message[])[];
};

/**
 * Sends them, whole or in pieces, on a connection of its own through a gateway of its own, and asserts what must be true
 * whatever they are:
 *
 * - the replica reads no more requests than llhttp reads in what was sent, and each of them is framed beyond doubt;
 * - what llhttp rejects is answered by 4xx, behind the answers to whole requests in front of it, and nothing else is.
 */
export async function sendVector(
  bytes: string,
  lanes: Lanes,
  pieces: readonly Buffer[] = [Buffer.from(bytes, 'latin1')],
): Promise<Outcome> {
  await using replica = await recordingReplica();
  await using web = await gatewayTo(replica.url).lanes(lanes).entryPoint({ host: ownAddress }).start();
  using client = await rawClient(web.port, ownAddress);
  for (const piece of pieces) client.socket.write(piece);
  const { messages, error } = readRequests(Buffer.from(bytes, 'latin1'));
  // What is behind the last request of a connection nobody reads (RFC 9112 §9.6); one for an upgrade is always the last.
  const upgrade = messages.findIndex(({ asksUpgrade, isWhole }) => asksUpgrade && isWhole);
  const sent = upgrade < 0 ? messages : messages.slice(0, upgrade + 1);
  const fault = upgrade >= 0 || error === 'HPE_CLOSED_CONNECTION' ? undefined : error;
  const whole = sent.filter(({ isWhole }) => isWhole).length;
  await until(
    `${whole} requests are answered, or the connection is closed`,
    () => client.isClosed || (fault === undefined && finalStatuses(client.received).length >= whole),
  );
  // What is not whole yet will never be.
  client.socket.end();
  const statuses = finalStatuses(await client.ended());
  await web.close();
  await until('the replica has read all that was sent to it', () => replica.isQuiet);
  if (fault !== undefined) {
    const last = statuses.at(-1) ?? 0;
    assert.ok(last >= 400 && last < 500, `llhttp says ${fault}, the answers are ${statuses}`);
  }
  const forwarded = replica.connections();
  judge(sent, forwarded);
  assert.deepEqual(replica.faults, [], 'the replica reads requests only');
  return { statuses: fault === undefined ? statuses.slice(0, whole) : statuses, forwarded, fault };
}

/** Those of interim answers left out. */
function finalStatuses(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 ([2-5]\d\d) /g)].map(([, status]) => Number(status));
}

function judge(sent: readonly Message[], forwarded: readonly (readonly Message[])[]): void {
  const arrived = forwarded.flat();
  const list = arrived.map(({ method, target, fields }) => [method, target, ...fields].join(' '));
  assert.ok(list.length <= sent.length, `${list.length} requests of ${sent.length} that were sent: ${list}`);
  const left = [...sent];
  for (const message of arrived) {
    const { method, body, fields, isWhole } = message;
    const at = left.findIndex(
      (each) =>
        each.method === method && (isWhole ? each.isWhole && each.body === body : each.body.startsWith(body)),
    );
    assert.ok(at >= 0, `${method} ${JSON.stringify(body)} was not sent`);
    left.splice(at, 1);
    assertPlainFraming(fields);
  }
}

/** At most one field that says how long the body is, in a form that no server reads in another way (RFC 9112 §6). */
function assertPlainFraming(fields: readonly string[]): void {
  const framings: string[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    const name = (fields[at] ?? '').toLowerCase();
    if (!/^(?:content.?length|transfer.?encoding)$/.test(name)) continue;
    framings.push(`${name}: ${fields[at + 1]}`);
  }
  const isPlain = /^$|^content-length: (?:0|[1-9]\d{0,15})$|^transfer-encoding: chunked$/i;
  assert.match(framings.join('\n'), isPlain);
}

/** What a client and a replica see of whole requests, up to the order in which connections were opened. */
export function summaryOf({ statuses, forwarded }: Outcome) {
  const requests = forwarded.flat().filter(({ isWhole }) => isWhole);
  return {
    statuses,
    requests: requests.map(({ method, target, body }) => [method, target, body].join(' ')).sort(),
  };
}

/** Sends them in both settings of the lanes, which must do the same. */
export async function sendInBothSettings(bytes: string, pieces?: readonly Buffer[]): Promise<void> {
  const all = await sendVector(bytes, 'all', pieces);
  const complete = await sendVector(bytes, 'fastify', pieces);
  // A whole request in front of bytes that are none: Node refuses both when they come at once.
  if (all.fault === undefined)
    assert.deepEqual(summaryOf(all), summaryOf(complete), 'both settings do the same');
}
