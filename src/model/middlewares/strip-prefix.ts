// Options of the stripPrefix middleware. Source: Traefik v3.7 "StripPrefix".
import type { Static } from 'typebox';
import { flag, optional, section, textList } from '../fields.ts';

/** As labels and files write it. */
export const stripPrefixSchema = section(
  {
    prefixes: textList({ description: 'The first of these that the path starts with is removed.' }),
    forceSlash: optional(
      flag({
        description: 'Accepted for compatibility; the result always starts with a slash.',
        default: true,
        deprecated: 'Remove it: the path always starts with a slash.',
      }),
    ),
  },
  { description: 'Removes a prefix from the path and names it in X-Forwarded-Prefix.' },
);

/** Decoded. */
export type StripPrefixOptions = Static<typeof stripPrefixSchema>;
