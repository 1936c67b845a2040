// Options of the redirectRegex middleware. Source: Traefik v3.7 "RedirectRegex".
import type { Static } from 'typebox';
import { flag, optional, section, text } from '../fields.ts';

/** As labels and files write it. */
export const redirectRegexSchema = section(
  {
    regex: text({ description: 'What is replaced in scheme://host:port/path?query, as RE2.' }),
    replacement: text({
      description: 'Takes its place; $1, ${1} and ${name} are what a group has matched.',
    }),
    permanent: optional(flag({ description: 'Whether the redirection is permanent.', default: false })),
  },
  { description: 'Redirects to another URL where a regular expression matches.' },
);

/** Decoded. */
export type RedirectRegexOptions = Static<typeof redirectRegexSchema>;
