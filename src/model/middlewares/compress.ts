// Options of the compress middleware. Source: Traefik v3.7 "Compress".
import type { Static } from 'typebox';
import { integer, optional, section, text, textList } from '../fields.ts';

/** The codings of answers that there are, in the order in which they are preferred where a client does not care. */
export const contentEncodings = ['gzip', 'br', 'zstd'] as const;

/** One of them. */
export type ContentEncoding = (typeof contentEncodings)[number];

/** Shorter answers gain nothing. */
export const defaultMinResponseBodyBytes = 1024;

/** As labels and files write it. */
export const compressSchema = section(
  {
    excludedContentTypes: optional(
      textList({
        description:
          'Media types, of answers and of requests, that are left as they are. Excludes includedContentTypes.',
      }),
    ),
    includedContentTypes: optional(
      textList({ description: 'The only media types that are compressed. Excludes excludedContentTypes.' }),
    ),
    minResponseBodyBytes: optional(
      integer({ description: 'Shorter answers are left as they are.', default: defaultMinResponseBodyBytes }),
    ),
    encodings: optional(
      textList({
        description: 'Codings in the order in which they are preferred where the client does not care.',
        default: contentEncodings,
      }),
    ),
    defaultEncoding: optional(
      text({ description: 'Coding for clients that do not say what they take; none if absent.' }),
    ),
  },
  {
    description: 'Compresses answers. Never audio, video or event streams.',
    allowEmpty: true,
  },
);

/** Decoded. */
export type CompressOptions = Static<typeof compressSchema>;
