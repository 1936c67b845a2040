// What a client of HTTP/2 is told and allowed. Every number bounds what one connection can cost.
import { maxFrameBytes, setting } from '../../../lib/http2/frames.ts';
import type { EntryPoint } from '../../../model/startup.ts';
import { streamWindowBytes } from '../../http2/http2-stream.ts';
import type { SessionOptions } from '../../http2/session-options.ts';

/** What may be on its way on one connection (Go's default). */
const windowBytes = 1024 * 1024;

/** The fields of a head are in memory as long as its stream is open: less than the 1 MiB of HTTP/1.1. */
const maxHeaderListBytes = 256 * 1024;

/** As many fields as in other lanes; crumbs of cookies count (each may be one byte on the wire: "HTTP/2 bomb"). */
const maxFields = 1000;

/** Between these limits and so many times as much a head is read to its end and answered 431; beyond that its stream is reset. */
const readableExcess = 2;

/** Of an entry point. */
export function toSessionOptions({ http2, maxHeaderBytes }: EntryPoint): SessionOptions {
  const list = {
    maxBytes: readableExcess * Math.min(maxHeaderBytes, maxHeaderListBytes),
    maxFields: readableExcess * maxFields,
  };
  return {
    isServer: true,
    settings: new Map([
      [setting.headerTableSize, http2.maxDecoderHeaderTableSize],
      [setting.maxConcurrentStreams, http2.maxConcurrentStreams],
      [setting.initialWindowSize, streamWindowBytes],
      [setting.maxFrameSize, maxFrameBytes],
      [setting.maxHeaderListSize, list.maxBytes],
      [setting.enableConnectProtocol, 1],
    ]),
    windowBytes,
    list,
    encoderTableBytes: http2.maxEncoderHeaderTableSize,
  };
}

/** Whether a head of so many bytes (RFC 9113 §6.5.2) and fields is more than one may be. */
export function isTooLarge(
  bytes: number,
  fields: number,
  { maxHeaderBytes }: Pick<EntryPoint, 'maxHeaderBytes'>,
): boolean {
  return fields > maxFields || bytes > Math.min(maxHeaderBytes, maxHeaderListBytes);
}
