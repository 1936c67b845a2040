// Frames of HTTP/2 (RFC 9113 §4.1, §6): numbers and how they stand on the wire. Pure.

/** Types of frames (RFC 9113 §6). */
export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Bits of a frame's flags; which of them a frame knows depends on its type. */
export const frameFlag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

/** Error codes of RST_STREAM and GOAWAY (RFC 9113 §7). */
export const errorCode = {
  noError: 0,
  protocolError: 1,
  internalError: 2,
  flowControlError: 3,
  settingsTimeout: 4,
  streamClosed: 5,
  frameSizeError: 6,
  refusedStream: 7,
  cancel: 8,
  compressionError: 9,
  connectError: 10,
  enhanceYourCalm: 11,
} as const;

/** Settings (RFC 9113 §6.5.2; RFC 8441 §3 for the last one). */
export const setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
  enableConnectProtocol: 8,
} as const;

/** Bytes in front of each frame's payload. */
export const frameHeadBytes = 9;
/** Largest payload that everybody takes (RFC 9113 §4.2); more is never asked for here, nor sent. */
export const maxFrameBytes = 16_384;
/** The window that streams and connections begin with (RFC 9113 §6.9.2). */
export const defaultWindowBytes = 65_535;
/** Largest window, and highest stream id (RFC 9113 §5.1.1, §6.9.1). */
export const max31 = 2 ** 31 - 1;

/** What a client sends first (RFC 9113 §3.4). */
export const clientPreface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** Writes a frame's head; gives the place behind it. */
export function writeFrameHead(
  into: Buffer,
  at: number,
  length: number,
  type: number,
  flags: number,
  stream: number,
): number {
  into[at] = length >>> 16;
  into[at + 1] = length >>> 8;
  into[at + 2] = length;
  into[at + 3] = type;
  into[at + 4] = flags;
  return writeUint32(into, at + 5, stream);
}

/** Writes four bytes, the highest first; gives the place behind them. */
export function writeUint32(into: Buffer, at: number, value: number): number {
  into[at] = value >>> 24;
  into[at + 1] = value >>> 16;
  into[at + 2] = value >>> 8;
  into[at + 3] = value;
  return at + 4;
}

/** Reads four bytes without their first bit, which is reserved wherever HTTP/2 has 31-bit numbers. */
export function readUint31(from: Uint8Array, at: number): number {
  return (
    (((from[at] as number) & 127) << 24) |
    ((from[at + 1] as number) << 16) |
    ((from[at + 2] as number) << 8) |
    (from[at + 3] as number)
  );
}

/** What is wrong with a connection as a whole: it ends by GOAWAY with this code (RFC 9113 §5.4.1). */
export class ConnectionFault extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** What RFC 9113 calls PROTOCOL_ERROR: the other side speaks no HTTP/2, or wants to try what happens. */
export function protocolFault(message: string): ConnectionFault {
  return new ConnectionFault(errorCode.protocolError, message);
}

/** A frame has not the size that its type has (RFC 9113 §4.2). */
export function sizeFault(): ConnectionFault {
  return new ConnectionFault(errorCode.frameSizeError, 'A frame has not the size that its type has.');
}

/** A window has become larger than any may be (RFC 9113 §6.9.1). */
export function windowFault(): ConnectionFault {
  return new ConnectionFault(errorCode.flowControlError, 'A window is too large.');
}

/** Where the content of DATA and HEADERS begins: behind the length of its padding, and a priority (RFC 9113 §6.1, §6.2). */
export function contentFrom(flags: number, from: number, hasPriority = false): number {
  return from + (flags & frameFlag.padded ? 1 : 0) + (hasPriority ? 5 : 0);
}

/** Where it ends. @throws ConnectionFault where that is before it begins. */
export function contentTo(flags: number, bytes: Uint8Array, from: number, to: number, start: number): number {
  const end = flags & frameFlag.padded ? to - (bytes[from] ?? 0) : to;
  if (end < start) throw protocolFault('A frame is shorter than its padding.');
  return end;
}

/**
 * The priority at `at` is of a stream that depends on itself (RFC 7540 §5.3.1; RFC 9113 has given priorities up). Nobody who
 * means it well does so. @throws ConnectionFault
 */
export function refuseSelfDependence(stream: number, bytes: Uint8Array, at: number): void {
  if (readUint31(bytes, at) === stream) throw protocolFault('A stream depends on itself.');
}
