// Options of the replacePath middleware. Source: Traefik v3.7 "ReplacePath".
import type { Static } from 'typebox';
import { section, text } from '../fields.ts';

/** As labels and files write it. */
export const replacePathSchema = section(
  { path: text({ description: 'Takes the place of the request’s path; starts with a slash.' }) },
  { description: 'Replaces the path and names the old one in X-Replaced-Path.' },
);

/** Decoded. */
export type ReplacePathOptions = Static<typeof replacePathSchema>;
