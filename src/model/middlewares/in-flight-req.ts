// Options of the inFlightReq middleware. Source: Traefik v3.7 "InFlightReq".
import type { Static } from 'typebox';
import { integer, optional, section } from '../fields.ts';
import { sourceCriterionSchema } from './source-criterion.ts';

/** As labels and files write it. */
export const inFlightReqSchema = section(
  {
    amount: optional(
      integer({
        description: 'Requests of one source that may be under way at a time; more get 429.',
        default: 0,
      }),
    ),
    sourceCriterion: optional(sourceCriterionSchema),
  },
  { description: 'Limits requests under way, for each host unless said otherwise.' },
);

/** Decoded. */
export type InFlightReqOptions = Static<typeof inFlightReqSchema>;
