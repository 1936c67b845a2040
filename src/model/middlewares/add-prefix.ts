// Options of the addPrefix middleware. Source: Traefik v3.7 "AddPrefix".
import type { Static } from 'typebox';
import { section, text } from '../fields.ts';

/** As labels and files write it. */
export const addPrefixSchema = section(
  { prefix: text({ description: 'Put in front of the request’s path; starts with a slash.' }) },
  { description: 'Adds a prefix to the path.' },
);

/** Decoded. */
export type AddPrefixOptions = Static<typeof addPrefixSchema>;
