// The coders of Node, each with what it takes to let out what it holds.

import type { Transform } from 'node:stream';
import { constants, createBrotliCompress, createGzip, createZstdCompress, type Zlib } from 'node:zlib';
import type { ContentEncoding } from '../../../model/middlewares/compress.ts';

/** A coder: bytes in, coded bytes out. */
export type Encoder = Transform & Zlib;

/** Of eleven; Traefik's coder uses the same. The best one takes twenty times as long. */
const brotliQuality = 6;

/** 512 KiB, in powers of two: what a coder may look back costs memory for each answer under way. */
const brotliWindow = 19;

/** Makes one. It holds memory outside of JavaScript's until it has ended or is destroyed. */
export function createEncoder(encoding: ContentEncoding): Encoder {
  switch (encoding) {
    case 'gzip':
      return createGzip();
    case 'br':
      return createBrotliCompress({
        params: {
          [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
          [constants.BROTLI_PARAM_LGWIN]: brotliWindow,
        },
      });
    case 'zstd':
      return createZstdCompress();
  }
}

/** Lets out all that it was given so far, so that it can be decoded. */
export function flushEncoder(encoder: Encoder, encoding: ContentEncoding): void {
  encoder.flush(flushKinds[encoding]);
}

const flushKinds: Readonly<Record<ContentEncoding, number>> = {
  gzip: constants.Z_SYNC_FLUSH,
  br: constants.BROTLI_OPERATION_FLUSH,
  zstd: constants.ZSTD_e_flush,
};
