// What a client says first when it speaks TLS: which server it wants and which protocols it offers (RFC 8446 §4.1.2). Pure,
// and it never throws: everything here comes from strangers. Nothing is decrypted; the true name behind an encrypted
// ClientHello (ECH) stays unknown, and its outer name is what routers see. GREASE (RFC 8701) is skipped like all that is
// not asked for.

/** The parts of a ClientHello that routers ask for. */
export type ClientHello = {
  /** In lower case, without a dot at the end; empty where the client names none. */
  readonly serverName: string;
  /** Offered by ALPN, in the client's order. */
  readonly protocols: readonly string[];
};

/** A hello; that more bytes have to come, at least so many in all; or that it is none. */
export type HelloReading =
  | { readonly state: 'hello'; readonly hello: ClientHello }
  | { readonly state: 'incomplete'; readonly needs: number }
  | { readonly state: 'malformed' };

const malformed: HelloReading = { state: 'malformed' };

/**
 * Most bytes that a hello may have on the wire. With the shares of hybrid key exchange and ECH it is below 4 KiB; a client
 * that resumes with large tickets stays below 8.
 */
export const maxHelloBytes = 16 * 1024;

/** A hello may be cut into many records; one in a record for each byte is an attack on whoever joins them. */
const maxRecords = 64;

const handshakeRecord = 0x16;
const clientHelloMessage = 1;
const recordHeadLength = 5;
const messageHeadLength = 4;
const maxRecordLength = 16_384;
const randomLength = 32;
const maxSessionIdLength = 32;

const serverNameExtension = 0;
const alpnExtension = 16;
const hostNameType = 0;

/** Reads the hello at the beginning of all that has come. What stands behind it is not looked at. */
export function readClientHello(bytes: Buffer): HelloReading {
  const parts: Buffer[] = [];
  let joined = 0;
  let at = 0;
  for (let records = 0; records < maxRecords; records++) {
    if (bytes.length < at + recordHeadLength) return incomplete(at + recordHeadLength);
    const length = bytes.readUInt16BE(at + 3);
    // A record of a handshake is never empty (RFC 8446 §5.1).
    const isSound = bytes[at] === handshakeRecord && bytes[at + 1] === 3 && length > 0;
    if (!isSound || length > maxRecordLength) return malformed;
    at += recordHeadLength;
    const part = bytes.subarray(at, at + length);
    parts.push(part);
    joined += part.length;
    at += length;
    const message = joined < messageHeadLength ? undefined : messageLength(parts);
    if (message === 'none') return malformed;
    if (message !== undefined && joined >= message)
      return readMessage(Buffer.concat(parts).subarray(0, message));
    if (at > maxHelloBytes) return malformed;
    if (bytes.length < at) return incomplete(at);
  }
  return malformed;
}

function incomplete(needs: number): HelloReading {
  return needs > maxHelloBytes ? malformed : { state: 'incomplete', needs };
}

/** Head and body. */
function messageLength(parts: readonly Buffer[]): number | 'none' {
  const [first] = parts;
  const head = first !== undefined && first.length >= messageHeadLength ? first : Buffer.concat(parts);
  if (head[0] !== clientHelloMessage) return 'none';
  const length = messageHeadLength + head.readUIntBE(1, 3);
  return length > maxHelloBytes ? 'none' : length;
}

function readMessage(message: Buffer): HelloReading {
  try {
    return { state: 'hello', hello: readBody(new Cursor(message.subarray(messageHeadLength))) };
  } catch (error) {
    if (error instanceof MalformedError) return malformed;
    throw error;
  }
}

/** Never leaves this file. */
class MalformedError extends Error {}

function demand(condition: boolean): void {
  if (!condition) throw new MalformedError();
}

/** Walks over bytes, and never beyond them. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Buffer {
    demand(this.#at + length <= this.#bytes.length);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  number(width: 1 | 2): number {
    return this.take(width).readUIntBE(0, width);
  }

  /** A vector: its length, then so many bytes. */
  vector(width: 1 | 2): Buffer {
    return this.take(this.number(width));
  }
}

function readBody(body: Cursor): ClientHello {
  body.take(2 + randomLength);
  demand(body.vector(1).length <= maxSessionIdLength);
  const suites = body.vector(2).length;
  demand(suites >= 2 && suites % 2 === 0);
  demand(body.vector(1).length >= 1);
  // A client of TLS 1.2 may have no extensions at all.
  if (body.isDone) return { serverName: '', protocols: [] };
  const extensions = new Cursor(body.vector(2));
  demand(body.isDone);
  return readExtensions(extensions);
}

function readExtensions(extensions: Cursor): ClientHello {
  const seen = new Set<number>();
  let serverName = '';
  let protocols: readonly string[] = [];
  while (!extensions.isDone) {
    const type = extensions.number(2);
    const data = new Cursor(extensions.vector(2));
    // Of two names one would be routed by and the other be served (RFC 8446 §4.2).
    demand(!seen.has(type));
    seen.add(type);
    if (type === serverNameExtension) serverName = readServerName(data);
    if (type === alpnExtension) protocols = readProtocols(data);
  }
  return { serverName, protocols };
}

/** RFC 6066 §3. */
function readServerName(data: Cursor): string {
  const list = new Cursor(data.vector(2));
  demand(data.isDone && !list.isDone);
  let name: string | undefined;
  while (!list.isDone) {
    const type = list.number(1);
    const value = list.vector(2);
    if (type !== hostNameType) continue;
    demand(name === undefined && value.length > 0);
    name = value.toString('latin1').toLowerCase();
  }
  return (name ?? '').replace(/\.$/, '');
}

/** RFC 7301 §3.1. */
function readProtocols(data: Cursor): readonly string[] {
  const list = new Cursor(data.vector(2));
  demand(data.isDone && !list.isDone);
  const protocols: string[] = [];
  while (!list.isDone) {
    const protocol = list.vector(1);
    demand(protocol.length > 0);
    protocols.push(protocol.toString('latin1'));
  }
  return protocols;
}
