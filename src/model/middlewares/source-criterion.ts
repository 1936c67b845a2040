// Whom a limit counts requests for. Source: Traefik v3.7 "sourceCriterion".
import type { Static } from 'typebox';
import { flag, optional, section, text } from '../fields.ts';
import { ipStrategySchema } from './ip-strategy.ts';

/** As labels and files write it. One of the three at most. */
export const sourceCriterionSchema = section(
  {
    ipStrategy: optional(ipStrategySchema),
    requestHeaderName: optional(text({ description: 'By the value of this field.' })),
    requestHost: optional(flag({ description: 'By the host of the request.', default: false })),
  },
  { description: 'Whom requests are counted for.' },
);

/** Decoded. */
export type SourceCriterionOptions = Static<typeof sourceCriterionSchema>;
