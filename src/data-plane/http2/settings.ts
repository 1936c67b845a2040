// SETTINGS frames (RFC 9113 §6.5).
import {
  type ConnectionFault,
  defaultWindowBytes,
  max31,
  maxFrameBytes,
  protocolFault,
  setting,
  sizeFault,
  windowFault,
  writeUint32,
} from '../../lib/http2/frames.ts';
import { defaultTableBytes } from '../../lib/http2/hpack-decoder.ts';

/** What the other side has said of itself, and what holds before it did. */
export type PeerSettings = {
  headerTableSize: number;
  maxConcurrentStreams: number | undefined;
  initialWindowSize: number;
  enableConnectProtocol: boolean;
};

/** RFC 9113 §6.5.2. */
export function initialPeerSettings(): PeerSettings {
  return {
    headerTableSize: defaultTableBytes,
    maxConcurrentStreams: undefined,
    initialWindowSize: defaultWindowBytes,
    enableConnectProtocol: false,
  };
}

const entryBytes = 6;

/** Takes over what a payload says. @throws ConnectionFault for values that are not allowed. */
export function readSettings(
  into: PeerSettings,
  bytes: Buffer,
  from: number,
  to: number,
  isServer: boolean,
): void {
  if ((to - from) % entryBytes !== 0) throw sizeFault();
  for (let at = from; at < to; at += entryBytes) {
    const value = bytes.readUInt32BE(at + 2);
    switch (bytes.readUInt16BE(at)) {
      case setting.headerTableSize:
        into.headerTableSize = value;
        break;
      case setting.enablePush:
        // Only clients may ask for pushes (RFC 9113 §6.5.2).
        if (value > (isServer ? 1 : 0)) throw invalid('ENABLE_PUSH');
        break;
      case setting.maxConcurrentStreams:
        into.maxConcurrentStreams = value;
        break;
      case setting.initialWindowSize:
        if (value > max31) throw windowFault();
        into.initialWindowSize = value;
        break;
      case setting.maxFrameSize:
        if (value < maxFrameBytes || value > 0xffffff) throw invalid('MAX_FRAME_SIZE');
        break;
      case setting.enableConnectProtocol:
        if (value > 1) throw invalid('ENABLE_CONNECT_PROTOCOL');
        into.enableConnectProtocol = value === 1;
        break;
    }
  }
}

/** A payload: pairs of a setting and its value. */
export function settingsPayload(settings: ReadonlyMap<number, number>): Buffer {
  const payload = Buffer.alloc(entryBytes * settings.size);
  let at = 0;
  for (const [name, value] of settings) {
    payload[at + 1] = name;
    at = writeUint32(payload, at + 2, value);
  }
  return payload;
}

function invalid(name: string): ConnectionFault {
  return protocolFault(`${name} has an illegal value.`);
}
