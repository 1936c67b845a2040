// A client of raw bytes: for what no HTTP library would send, and for seeing when each byte of an answer comes.
import { connect, type Socket } from 'node:net';
import { until } from './until.ts';

export type RawAnswer = {
  readonly status: number;
  /** Names in lower case; repeated fields are joined by a comma. */
  readonly headers: ReadonlyMap<string, string>;
  /** As on the wire, chunk sizes included. */
  readonly rest: string;
};

export type RawClient = {
  readonly socket: Socket;
  /** All that has come, as latin1. */
  readonly received: string;
  readonly isClosed: boolean;
  /** Whether the connection was reset, and not closed. */
  readonly isReset: boolean;
  /** Sends bytes (latin1). */
  send(text: string): void;
  /** Waits until the text has come. */
  sees(text: string | RegExp): Promise<void>;
  /** Waits until the other side has closed, and gives all that came. */
  ended(): Promise<string>;
  [Symbol.dispose](): void;
};

/** Connects to a port on loopback. */
export async function rawClient(port: number, host = '127.0.0.1'): Promise<RawClient> {
  const socket = connect(port, host);
  const client = clientOn(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject);
  });
  return client;
}

/** A client on a socket that may still be connecting. */
export function clientOn<S extends Socket>(socket: S): RawClient & { readonly socket: S } {
  let received = '';
  let isClosed = false;
  let isReset = false;
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    received += text;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    isReset ||= error.code === 'ECONNRESET';
  });
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
    get isReset() {
      return isReset;
    },
    send: (text) => void socket.write(text, 'latin1'),
    async sees(text) {
      await until(`the client sees ${text}`, () => {
        if (typeof text === 'string' ? received.includes(text) : text.test(received)) return true;
        if (isClosed) throw new Error(`Closed after: ${received}`);
        return false;
      });
    },
    async ended() {
      await until('the connection is closed', () => isClosed);
      return received;
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** One request of raw bytes on a connection of its own; give it `Connection: close`. */
export async function rawRequest(port: number, bytes: string): Promise<RawAnswer> {
  using client = await rawClient(port);
  client.send(bytes);
  return parseAnswer(await client.ended());
}

/** The first answer in the bytes. */
export function parseAnswer(bytes: string): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) throw new Error(`No head in: ${JSON.stringify(bytes)}`);
  const [statusLine = '', ...lines] = bytes.slice(0, end).split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return { status: Number(statusLine.split(' ')[1]), headers, rest: bytes.slice(end + 4) };
}
