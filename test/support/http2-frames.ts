// Frames of HTTP/2 (RFC 9113 §4.1) as latin1 text, for rawClient: what no library would send.

const types = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const endStream = 1;
export const endHeaders = 4;

/** What a client begins with: the preface and empty settings. */
export const preface = `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${frame('settings', 0, 0, '')}`;

export function frame(type: keyof typeof types, flags: number, stream: number, payload: string): string {
  return uint32(payload.length).slice(1) + String.fromCharCode(types[type], flags) + uint32(stream) + payload;
}

/** A request's head, of GET / unless said otherwise; it leaves the stream open. */
export function headers(
  stream: number,
  fields: Readonly<Record<string, string>>,
  flags = endHeaders,
): string {
  return frame('headers', flags, stream, headerBlock(fields));
}

/** Literal fields that enter no table (RFC 7541 §6.2.2). */
export function headerBlock(fields: Readonly<Record<string, string>>): string {
  const all = { ':method': 'GET', ':scheme': 'http', ':authority': 'a.test', ':path': '/', ...fields };
  return Object.entries(all)
    .map(([name, value]) => `\0${literal(name)}${literal(value)}`)
    .join('');
}

export function uint32(value: number): string {
  return String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

/** What came back, frame by frame. */
export function parseFrames(
  bytes: string,
): { type: number; flags: number; stream: number; payload: string }[] {
  const frames = [];
  for (let at = 0; at + 9 <= bytes.length; ) {
    const byte = (offset: number): number => bytes.charCodeAt(at + offset);
    const length = (byte(0) << 16) | (byte(1) << 8) | byte(2);
    const stream = ((byte(5) & 127) << 24) | (byte(6) << 16) | (byte(7) << 8) | byte(8);
    frames.push({ type: byte(3), flags: byte(4), stream, payload: bytes.slice(at + 9, at + 9 + length) });
    at += 9 + length;
  }
  return frames;
}

/** The code of a GOAWAY (RFC 9113 §6.8) that came, if one did. */
export function goawayCode(bytes: string): number | undefined {
  const goaway = parseFrames(bytes).findLast(({ type }) => type === types.goaway);
  return goaway?.payload.charCodeAt(7);
}

/** A string literal, not Huffman coded (RFC 7541 §5.2). */
function literal(text: string): string {
  if (text.length < 127) return String.fromCharCode(text.length) + text;
  let length = '\x7f';
  let rest = text.length - 127;
  for (; rest >= 128; rest >>>= 7) length += String.fromCharCode((rest & 127) | 128);
  return length + String.fromCharCode(rest) + text;
}
