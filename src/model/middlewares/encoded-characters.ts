// Options of the encodedCharacters middleware. Source: Traefik v3.7 "EncodedCharacters".
import type { Static } from 'typebox';
import { encodedCharactersFields } from '../encoded-characters.ts';
import { section } from '../fields.ts';

/** As labels and files write it. */
export const encodedCharactersSchema = section(encodedCharactersFields, {
  description: 'Refuses (400) paths that hold a character which is not allowed here.',
});

/** Decoded. */
export type EncodedCharactersMiddlewareOptions = Static<typeof encodedCharactersSchema>;
