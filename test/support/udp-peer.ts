// UDP servers and clients of tests, on loopback, with all that came to them.
import { createSocket, type RemoteInfo } from 'node:dgram';
import { until } from './until.ts';

export type UdpPeer = {
  readonly port: number;
  /** What has come, in order. */
  readonly received: readonly { readonly text: string; readonly from: RemoteInfo }[];
  send(text: string, port: number): void;
  /** Waits until this has come. */
  sees(text: string): Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** `answer` gives what is sent back to a datagram, if anything is. */
export async function udpPeer(
  answer: (text: string) => string | undefined = () => undefined,
): Promise<UdpPeer> {
  const received: { text: string; from: RemoteInfo }[] = [];
  const socket = createSocket('udp4');
  let isClosed = false;
  socket.on('message', (bytes, from) => {
    const text = bytes.toString('latin1');
    received.push({ text, from });
    const reply = answer(text);
    if (reply !== undefined) socket.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await new Promise<void>((resolve) => socket.close(resolve));
  };
  return {
    port: socket.address().port,
    received,
    send: (text, port) => socket.send(text, port, '127.0.0.1'),
    async sees(text) {
      await until(`${text} has come`, () => received.some((one) => one.text === text));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** UDP loses datagrams when the machine is busy: sends until the answer has come. */
export async function asks(
  client: UdpPeer,
  text: string,
  port: number,
  answer: string | RegExp,
): Promise<string> {
  const isIt = (one: string) => (typeof answer === 'string' ? one === answer : answer.test(one));
  const before = client.received.length;
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    client.send(text, port);
    const found = await until(
      'an answer',
      () => client.received.slice(before).find((one) => isIt(one.text)),
      500,
    ).catch(() => undefined);
    if (found !== undefined) return found.text;
  }
  throw new Error(`No ${answer} in answer to ${text}`);
}
