// Options of the replacePathRegex middleware. Source: Traefik v3.7 "ReplacePathRegex".
import type { Static } from 'typebox';
import { optional, section, text } from '../fields.ts';

/** As labels and files write it. */
export const replacePathRegexSchema = section(
  {
    regex: text({ description: 'What is replaced in the path, escaped as it is sent, as RE2.' }),
    replacement: optional(
      text({
        description: 'Takes its place; $1, ${1} and ${name} are what a group has matched.',
        default: '',
      }),
    ),
  },
  { description: 'Replaces parts of the path and names the old one in X-Replaced-Path.' },
);

/** Decoded. */
export type ReplacePathRegexOptions = Static<typeof replacePathRegexSchema>;
