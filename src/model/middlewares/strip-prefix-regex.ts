// Options of the stripPrefixRegex middleware. Source: Traefik v3.7 "StripPrefixRegex".
import type { Static } from 'typebox';
import { section, textList } from '../fields.ts';

/** As labels and files write it. */
export const stripPrefixRegexSchema = section(
  {
    regex: textList({
      description: 'What the first of these matches at the beginning of the decoded path is removed; RE2.',
    }),
  },
  { description: 'Removes a prefix from the path and names it in X-Forwarded-Prefix.' },
);

/** Decoded. */
export type StripPrefixRegexOptions = Static<typeof stripPrefixRegexSchema>;
