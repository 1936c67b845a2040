// compress: answers go out coded by gzip, Brotli or Zstandard, as the client takes it (Traefik pkg/middlewares/compress).
import { fieldOf, joinedFieldOf } from '../../../lib/header-fields.ts';
import { mediaTypeOf } from '../../../lib/media-type.ts';
import {
  type CompressOptions,
  type ContentEncoding,
  contentEncodings,
  defaultMinResponseBodyBytes,
} from '../../../model/middlewares/compress.ts';
import { type StageMiddleware, toMiddleware } from '../stage.ts';
import { compileEncodingChoice } from './choose-encoding.ts';
import { Compression } from './compression.ts';
import { compileCompressionTest } from './may-compress.ts';

/** Compresses answers (Traefik v3.7 "Compress"). */
export function compileCompress(options: CompressOptions): StageMiddleware {
  const { encodings = contentEncodings, defaultEncoding, minResponseBodyBytes = 0 } = options;
  const encodingFor = compileEncodingChoice(
    encodings as readonly ContentEncoding[],
    (defaultEncoding || undefined) as ContentEncoding | undefined,
  );
  const mayCompress = compileCompressionTest(options);
  const minBytes = minResponseBodyBytes > 0 ? minResponseBodyBytes : defaultMinResponseBodyBytes;
  // Traefik: the answer to a request of an excluded type is left alone too.
  const excluded = new Set<string | undefined>([
    'application/grpc',
    ...(options.excludedContentTypes ?? []).map(mediaTypeOf),
  ]);
  const isExcluded = (contentType = ''): boolean =>
    contentType !== '' && excluded.has(mediaTypeOf(contentType));

  return toMiddleware((request, handler, inward) => {
    const { method, fields, upgrade } = request;
    if (method === 'HEAD' || upgrade !== undefined || isExcluded(fieldOf(fields, 'content-type'))) {
      return inward.send(request, handler);
    }
    const encoding = encodingFor(joinedFieldOf(fields, 'accept-encoding'));
    const compression = new Compression({ mayCompress, minBytes, encoding }, handler);
    return compression.follow(inward.send(request, compression));
  });
}
