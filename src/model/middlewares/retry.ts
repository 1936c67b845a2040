// Options of the retry middleware. Source: Traefik v3.7 "Retry".
import type { Static } from 'typebox';
import { duration, flag, integer, optional, section, textList } from '../fields.ts';

/** Traefik's RetryDefaultMaxRequestBodyBytes. */
export const defaultRetryBodyBytes = 2 * 1024 * 1024;

/** As labels and files write it. */
export const retrySchema = section(
  {
    attempts: integer({ description: 'How often a request is tried in all.' }),
    initialInterval: optional(
      duration({
        description: 'About how long the first wait is; it doubles until the last one.',
        default: 0,
      }),
    ),
    timeout: optional(
      duration({ description: 'After so long no further attempt begins; 0 for no limit.', default: 0 }),
    ),
    maxRequestBodyBytes: optional(
      integer({
        description: 'A longer body is not kept, so that its request is not repeated; -1 for no limit.',
        default: defaultRetryBodyBytes,
      }),
    ),
    status: optional(
      textList({ description: 'Statuses after which a request is repeated too, such as 503 or 500-599.' }),
    ),
    disableRetryOnNetworkError: optional(
      flag({ description: 'Do not repeat a request that no replica took.', default: false }),
    ),
    retryNonIdempotentMethod: optional(
      flag({ description: 'Repeat POST, PATCH and LOCK too after one of `status`.', default: false }),
    ),
  },
  { description: 'Tries a request again, on another replica where there is one.' },
);

/** Decoded. */
export type RetryOptions = Static<typeof retrySchema>;
