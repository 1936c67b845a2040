// Which characters a path may hold although servers disagree about them. Source: Traefik v3.7 "EncodedCharacters", of entry
// points and as a middleware.
import type { Static } from 'typebox';
import { flag, optional } from './fields.ts';

const character = (what: string) => optional(flag({ description: `Let paths hold ${what}.` }));

/** The options of both. Absent: an entry point follows Berth's rule, a middleware refuses. */
export const encodedCharactersFields = {
  allowEncodedSlash: character('%2F'),
  allowEncodedBackSlash: character('a backslash, plain or as %5C'),
  allowEncodedNullCharacter: character('%00'),
  allowEncodedSemicolon: character('a semicolon, plain or as %3B'),
  allowEncodedPercent: character('%25, also in front of two hex digits'),
  allowEncodedQuestionMark: character('%3F'),
  allowEncodedHash: character('%23'),
} as const;

/** Decoded. */
export type EncodedCharactersOptions = {
  readonly [K in keyof typeof encodedCharactersFields]?: Static<(typeof encodedCharactersFields)[K]>;
};
