// Options of the chain middleware. Source: Traefik v3.7 "Chain".
import type { Static } from 'typebox';
import { section, textList } from '../fields.ts';

/** As labels and files write it. */
export const chainSchema = section(
  { middlewares: textList({ description: 'Middlewares by name or name@provider, run in this order.' }) },
  { description: 'Runs other middlewares in its place.' },
);

/** Decoded. Resolved, the names are qualified, and those of chains have given way to their members. */
export type ChainOptions = Static<typeof chainSchema>;
