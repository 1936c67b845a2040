// Which address counts as the client's, for the middlewares that ask. Source: Traefik v3.7 "ipStrategy".
import type { Static } from 'typebox';
import { integer, optional, section, textList } from '../fields.ts';

/** As labels and files write it. */
export const ipStrategySchema = section(
  {
    depth: optional(
      integer({
        description: 'Take the n-th address from the right of X-Forwarded-For; 0 is the connection’s own.',
        default: 0,
      }),
    ),
    excludedIPs: optional(
      textList({
        description:
          'Without depth: take the first address from the right of X-Forwarded-For that is not in this list.',
      }),
    ),
    ipv6Subnet: optional(
      integer({
        description: 'Take IPv6 addresses that agree in so many bits as one (not with excludedIPs).',
      }),
    ),
  },
  { description: 'The connection’s other end.', allowEmpty: true },
);

/** Decoded. */
export type IpStrategyOptions = Static<typeof ipStrategySchema>;
