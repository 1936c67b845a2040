// An upstream of raw bytes that does what a test tells it to: every connection with what came on it, and no HTTP of its
// own that could hide what the gateway sent.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { until } from './until.ts';

export type UpstreamConnection = {
  readonly socket: Socket;
  /** All that has come, as latin1. */
  readonly received: string;
  readonly isClosed: boolean;
  send(text: string): void;
  sees(text: string | RegExp): Promise<void>;
  closed(): Promise<void>;
};

export type ScriptedUpstream = {
  readonly port: number;
  readonly url: string;
  readonly connections: readonly UpstreamConnection[];
  /** Heads and bodies of all connections, in the order in which they came. */
  readonly received: string;
  /** Waits for the nth connection, from 0. */
  connection(index: number): Promise<UpstreamConnection>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** `onConnection` plays the part of the server; without it nothing is ever answered. */
export async function scriptedUpstream(
  onConnection: (connection: UpstreamConnection) => void = () => {},
): Promise<ScriptedUpstream> {
  const connections: UpstreamConnection[] = [];
  let received = '';
  const server = createServer((socket) => {
    const connection = observe(socket);
    socket.on('data', (text: string) => {
      received += text;
    });
    connections.push(connection);
    onConnection(connection);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const { socket } of connections) socket.destroy();
      server.close(() => resolve());
    });
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    connections,
    get received() {
      return received;
    },
    connection: (index) => until(`upstream connection ${index}`, () => connections[index]),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Answers every request head on its connections with the same bytes. */
export function answering(
  answer: string | ((head: string) => string),
): (connection: UpstreamConnection) => void {
  return (connection) => {
    let pending = '';
    connection.socket.on('data', (text: string) => {
      pending += text;
      for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
        const head = pending.slice(0, end + 4);
        pending = pending.slice(end + 4);
        connection.send(typeof answer === 'string' ? answer : answer(head));
      }
    });
  };
}

/** A whole answer of 200 with this body. */
export function ok(body = 'ok', fields = ''): string {
  return `HTTP/1.1 200 OK\r\n${fields}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function observe(socket: Socket): UpstreamConnection {
  let received = '';
  let isClosed = false;
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    received += text;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    isClosed = true;
  });
  return {
    socket,
    get received() {
      return received;
    },
    get isClosed() {
      return isClosed;
    },
    send: (text) => void socket.write(text, 'latin1'),
    async sees(text) {
      await until(`the upstream sees ${text}`, () =>
        typeof text === 'string' ? received.includes(text) : text.test(received),
      );
    },
    closed: async () => void (await until('the upstream connection is closed', () => isClosed)),
  };
}
