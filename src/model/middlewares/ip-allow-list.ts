// Options of the ipAllowList middleware, and of ipWhiteList, its deprecated name. Source: Traefik v3.7 "IPAllowList".
import type { Static } from 'typebox';
import { integer, optional, section, textList } from '../fields.ts';
import { ipStrategySchema } from './ip-strategy.ts';

const sourceRange = textList({ description: 'Addresses and CIDR ranges that are served.' });

/** As labels and files write it. */
export const ipAllowListSchema = section(
  {
    sourceRange,
    ipStrategy: optional(ipStrategySchema),
    rejectStatusCode: optional(integer({ description: 'Status of the answer to all others.', default: 403 })),
  },
  { description: 'Serves the clients of given addresses only.' },
);

/** Decoded. */
export type IpAllowListOptions = Static<typeof ipAllowListSchema>;

/** As labels and files write it. */
export const ipWhiteListSchema = section(
  { sourceRange, ipStrategy: optional(ipStrategySchema) },
  {
    description: 'The old name of ipAllowList.',
    deprecated: 'Use ipAllowList.',
  },
);

/** Decoded. */
export type IpWhiteListOptions = Static<typeof ipWhiteListSchema>;
