// The header of the PROXY protocol, with which a proxy tells the next server whom it serves (HAProxy, "The PROXY protocol",
// versions 1 and 2). Pure, and it never throws: what is read comes from other machines.

/** One end of a connection; an address is written as everybody writes it, IPv4 also where it came inside IPv6. */
export type ConnectionEnd = { readonly address: string; readonly port: number };

/** Both ends, as the first proxy saw them. */
export type ProxiedEnds = { readonly source: ConnectionEnd; readonly destination: ConnectionEnd };

/** A header and its length; that there is none; that more bytes have to come; or that it is broken. */
export type ProxyReading =
  /** Without `ends` the connection is the proxy's own, such as a health check. */
  | { readonly state: 'header'; readonly length: number; readonly ends?: ProxiedEnds }
  | { readonly state: 'none' }
  | { readonly state: 'incomplete' }
  | { readonly state: 'malformed' };

const none: ProxyReading = { state: 'none' };
const incomplete: ProxyReading = { state: 'incomplete' };
const malformed: ProxyReading = { state: 'malformed' };

const signature1 = Buffer.from('PROXY ', 'latin1');
const signature2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
/** With the line's end (§2.1). */
const maxLength1 = 107;
const headLength2 = 16;
/** Addresses take 36 bytes at most; what follows them (TLVs) is skipped, and nobody needs more of it than this. */
const maxLength2 = 16 * 1024;

/** Reads the header at the beginning of all that has come, which must be at least one byte. */
export function readProxyHeader(bytes: Buffer): ProxyReading {
  if (bytes[0] === signature1[0]) return beginsWith(bytes, signature1) ?? readVersion1(bytes);
  if (bytes[0] === signature2[0]) return beginsWith(bytes, signature2) ?? readVersion2(bytes);
  return none;
}

/** Undefined where all of the signature is there. */
function beginsWith(bytes: Buffer, signature: Buffer): ProxyReading | undefined {
  const length = Math.min(bytes.length, signature.length);
  if (bytes.compare(signature, 0, length, 0, length) !== 0) return none;
  return length < signature.length ? incomplete : undefined;
}

function readVersion1(bytes: Buffer): ProxyReading {
  const text = bytes.toString('latin1', 0, maxLength1);
  const end = text.indexOf('\r\n');
  if (end < 0) return bytes.length < maxLength1 ? incomplete : malformed;
  const length = end + 2;
  const [, family = '', from = '', to = '', fromPort = '', toPort = '', ...more] = text
    .slice(0, end)
    .split(' ');
  if (family === 'UNKNOWN') return { state: 'header', length };
  const size = family === 'TCP4' ? 4 : family === 'TCP6' ? 16 : 0;
  const source = endOf(from, fromPort, size);
  const destination = endOf(to, toPort, size);
  if (source === undefined || destination === undefined || more.length > 0) return malformed;
  return { state: 'header', length, ends: { source, destination } };
}

function endOf(address: string, port: string, size: number): ConnectionEnd | undefined {
  const bytes = parseAddress(address);
  if (bytes?.length !== size || !/^(?:0|[1-9]\d{0,4})$/.test(port) || Number(port) > 65_535) return undefined;
  return { address: formatAddress(bytes), port: Number(port) };
}

/** By the byte of family and transport: how long an address is. Datagrams are told of in the same way (§2.2). */
const addressSizes: ReadonlyMap<number, number> = new Map([
  [0x11, 4],
  [0x12, 4],
  [0x21, 16],
  [0x22, 16],
]);
/** Unspecified, and sockets of UNIX. */
const withoutAddress: ReadonlySet<number> = new Set([0x00, 0x31, 0x32]);

function readVersion2(bytes: Buffer): ProxyReading {
  if (bytes.length < headLength2) return incomplete;
  const [command, family] = [bytes[12] ?? 0, bytes[13] ?? 0];
  const length = headLength2 + bytes.readUInt16BE(14);
  if ((command !== 0x20 && command !== 0x21) || length > maxLength2) return malformed;
  if (bytes.length < length) return incomplete;
  if (command === 0x20 || withoutAddress.has(family)) return { state: 'header', length };
  const size = addressSizes.get(family);
  if (size === undefined || length < headLength2 + 2 * size + 4) return malformed;
  const ports = headLength2 + 2 * size;
  const at = (index: 0 | 1): ConnectionEnd => {
    const from = headLength2 + index * size;
    return {
      address: formatAddress(bytes.subarray(from, from + size)),
      port: bytes.readUInt16BE(ports + 2 * index),
    };
  };
  return { state: 'header', length, ends: { source: at(0), destination: at(1) } };
}

/** The header that tells of a connection; of one whose ends are no addresses it says that nothing is known. */
export function writeProxyHeader(version: 1 | 2, { source, destination }: ProxiedEnds): Buffer {
  const addresses = [source, destination].map(({ address }) => parseAddress(address) ?? Buffer.alloc(0));
  const isKnown = addresses.every(({ length }) => length > 0);
  const isIpv4 = addresses.every(({ length }) => length === 4);
  const [from = Buffer.alloc(0), to = Buffer.alloc(0)] = isIpv4 ? addresses : addresses.map(toIpv6);
  if (version === 1) {
    if (!isKnown) return Buffer.from('PROXY UNKNOWN\r\n', 'latin1');
    const [one, other] = isIpv4 ? [source.address, destination.address] : [groupsOf(from), groupsOf(to)];
    const family = isIpv4 ? 'TCP4' : 'TCP6';
    return Buffer.from(`PROXY ${family} ${one} ${other} ${source.port} ${destination.port}\r\n`, 'latin1');
  }
  const head = Buffer.concat([signature2, Buffer.from([isKnown ? 0x21 : 0x20, 0, 0, 0])]);
  if (!isKnown) return head;
  head[13] = isIpv4 ? 0x11 : 0x21;
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(source.port, 0);
  ports.writeUInt16BE(destination.port, 2);
  head.writeUInt16BE(from.length + to.length + ports.length, 14);
  return Buffer.concat([head, from, to, ports]);
}

const mappedPrefix = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);

function toIpv6(address: Buffer): Buffer {
  return address.length === 4 ? Buffer.concat([mappedPrefix, address]) : address;
}

/** The bytes of an address, in network order; undefined for what is none. */
function parseAddress(text: string): Buffer | undefined {
  const parts = text.split('.');
  if (parts.length === 4 && !text.includes(':')) {
    const isIpv4 = parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
    return isIpv4 ? Buffer.from(parts.map(Number)) : undefined;
  }
  // WHATWG URLs know how IPv6 is written, and give its shortest form.
  const host = /^[\da-f:.]{2,45}$/i.test(text) ? URL.parse(`http://[${text}]`)?.hostname : undefined;
  if (host === undefined) return undefined;
  const [head = '', tail] = host.slice(1, -1).split('::');
  const groups = (half: string): number[] =>
    half === '' ? [] : half.split(':').map((group) => parseInt(group, 16));
  const [left, right] = [groups(head), groups(tail ?? '')];
  const bytes = Buffer.alloc(16);
  for (const [at, group] of left.entries()) bytes.writeUInt16BE(group, at * 2);
  for (const [at, group] of right.entries()) bytes.writeUInt16BE(group, (8 - right.length + at) * 2);
  return bytes;
}

function formatAddress(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.subarray(0, mappedPrefix.length).equals(mappedPrefix)) return bytes.subarray(12).join('.');
  return URL.parse(`http://[${groupsOf(bytes)}]`)?.hostname.slice(1, -1) ?? '';
}

function groupsOf(bytes: Buffer): string {
  return Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16)).join(':');
}
