// A replica that reads requests with llhttp, keeps them, and answers each when it is whole.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Message, readRequests } from '../fuzz/llhttp.ts';
import { ok } from './scripted-upstream.ts';

export type RecordingReplica = {
  readonly url: string;
  /** What it could not read, and in which bytes. */
  readonly faults: readonly string[];
  /** Whether every connection to it is closed. */
  readonly isQuiet: boolean;
  /** Requests, also those that are not whole, by connection. */
  connections(): (readonly Message[])[];
  [Symbol.asyncDispose](): Promise<void>;
};

/** An address of loopback where no test beside this one tries ports that it believes to be closed. */
export const ownAddress = '127.0.0.2';

/** Listens on a free port of loopback. */
export async function recordingReplica(): Promise<RecordingReplica> {
  const received: string[] = [];
  const sockets: Socket[] = [];
  const faults: string[] = [];
  const read = (text: string) => readRequests(Buffer.from(text, 'latin1'));
  const server = createServer((socket) => {
    const at = received.push('') - 1;
    sockets.push(socket);
    let answered = 0;
    socket.setEncoding('latin1').on('error', () => {});
    socket.on('data', (text: string) => {
      received[at] += text;
      const { messages, error } = read(received[at] ?? '');
      if (error !== undefined) faults.push(`${error} in ${JSON.stringify(received[at])}`);
      for (const { isWhole } of messages.slice(answered)) {
        if (!isWhole) break;
        answered += 1;
        socket.write(ok());
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, ownAddress, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${ownAddress}:${port}`,
    faults,
    get isQuiet() {
      return sockets.every(({ closed }) => closed);
    },
    connections: () => received.map((text) => read(text).messages),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
