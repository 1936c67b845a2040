// What a client of HTTP/2 is told and allowed. Every number bounds what one connection can cost.
import type { ServerSessionOptions } from 'node:http2';
import type { EntryPoint } from '../../../model/startup.ts';
import { maxAnswerHeadBytes, streamWindowBytes } from '../../upstream/http2/session-limits.ts';

/** What may be on its way on one connection (Go's default). */
export const sessionWindowBytes = 1024 * 1024;

/** Node keeps the fields of a head in memory as long as its stream is open: less than the 1 MiB of HTTP/1.1. */
const maxHeaderListBytes = 256 * 1024;

/** As many fields as in other lanes; crumbs of cookies count (each may be one byte on the wire: "HTTP/2 bomb"). */
const maxFields = 1000;

/**
 * Between these limits and so many times as much a head is read to its end and answered 431; beyond that Node resets the
 * stream while it comes. What it holds by then counts as memory of the session.
 */
const readableExcess = 2;

/** Megabytes for streams, compression tables and data not yet sent; new streams are refused above it. */
const maxSessionMemory = 20;

/** Faulty frames, and streams that the client was refused but begins all the same, until the connection ends. */
const maxFaultyFrames = 100;

/** What nghttp2 allows before the lane's own count of resets, which has a better name for it, is reached. */
const streamResetBurst = 600;
const streamResetRate = 200;

/** For performServerHandshake. */
export function toSessionOptions({ http2, maxHeaderBytes }: EntryPoint): ServerSessionOptions {
  return {
    maxSessionMemory,
    maxSessionInvalidFrames: maxFaultyFrames,
    maxSessionRejectedStreams: maxFaultyFrames,
    maxHeaderListPairs: readableExcess * maxFields,
    maxSendHeaderBlockLength: maxAnswerHeadBytes,
    maxDeflateDynamicTableSize: http2.maxEncoderHeaderTableSize,
    streamResetBurst,
    streamResetRate,
    // Replicas may repeat fields; what they send is theirs.
    strictSingleValueFields: false,
    settings: {
      enablePush: false,
      enableConnectProtocol: true,
      maxConcurrentStreams: http2.maxConcurrentStreams,
      headerTableSize: http2.maxDecoderHeaderTableSize,
      initialWindowSize: streamWindowBytes,
      maxHeaderListSize: readableExcess * Math.min(maxHeaderBytes, maxHeaderListBytes),
    },
  };
}

/** Whether a head is more than one may be: each field counts 32 bytes more than its text (RFC 9113 §6.5.2). */
export function isTooLarge(
  block: readonly string[],
  { maxHeaderBytes }: Pick<EntryPoint, 'maxHeaderBytes'>,
): boolean {
  if (block.length > 2 * maxFields) return true;
  let bytes = 16 * block.length;
  for (const text of block) bytes += text.length;
  return bytes > Math.min(maxHeaderBytes, maxHeaderListBytes);
}
