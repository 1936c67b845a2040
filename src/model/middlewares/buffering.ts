// Options of the buffering middleware. Source: Traefik v3.7 "Buffering".
import type { Static } from 'typebox';
import { integer, optional, section, text } from '../fields.ts';

/** Of each body so much is kept in memory; what is longer goes to a temporary file. */
export const defaultMemBodyBytes = 1024 * 1024;

/** As labels and files write it. */
export const bufferingSchema = section(
  {
    maxRequestBodyBytes: optional(
      integer({ description: 'A longer request gets 413; 0 for no limit.', default: 0 }),
    ),
    memRequestBodyBytes: optional(
      integer({
        description: 'From so many bytes on a request’s body is kept in a temporary file.',
        default: defaultMemBodyBytes,
      }),
    ),
    maxResponseBodyBytes: optional(
      integer({ description: 'A longer answer becomes a 500; 0 for no limit.', default: 0 }),
    ),
    memResponseBodyBytes: optional(
      integer({
        description: 'From so many bytes on an answer’s body is kept in a temporary file.',
        default: defaultMemBodyBytes,
      }),
    ),
    retryExpression: optional(
      text({
        description:
          'When to send the request again, ten times at most: of Attempts(), ResponseCode(), RequestMethod() and IsNetworkError(), such as IsNetworkError() && Attempts() <= 2.',
      }),
    ),
  },
  { description: 'Reads requests and answers whole before it passes them on, and limits how long they are.' },
);

/** Decoded. */
export type BufferingOptions = Static<typeof bufferingSchema>;
