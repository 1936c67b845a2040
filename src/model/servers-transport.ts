// How servers are connected to. Source: Traefik v3.7 "ServersTransport", the static one, which holds for all services that name
// no other.
import type { Static } from 'typebox';
import { duration, flag, integer, notYet, optional, section, textList } from './fields.ts';

/** As flags and files write it. */
export const serversTransportSchema = section(
  {
    insecureSkipVerify: optional(flag({ description: 'Take any certificate of a server.', default: false })),
    rootCAs: optional(
      textList({
        description: 'Files with the authorities that are trusted in place of the usual ones, or PEM.',
      }),
    ),
    maxIdleConnsPerHost: optional(
      integer({
        description: 'Idle connections kept to each server; negative: none. If absent or 0, all for a while.',
      }),
    ),
    forwardingTimeouts: optional(
      section(
        {
          dialTimeout: optional(
            duration({ description: 'Most time for a connection to stand; 0 is no limit.', default: 30_000 }),
          ),
          responseHeaderTimeout: optional(
            duration({
              description: 'Most time for the head of an answer; 0 is no limit.',
              default: 0,
            }),
          ),
          idleConnTimeout: optional(
            duration({
              description:
                'How long an idle connection is kept; 0 is no limit. If absent, 4 s, and 60 s for HTTP/2.',
            }),
          ),
        },
        { description: 'Time limits of connections.' },
      ),
    ),
    spiffe: notYet('SPIFFE.', true, 'Berth speaks to no SPIFFE workload API: name authorities by rootCAs.'),
  },
  { description: 'How servers are connected to.' },
);

/** As written; every part may be absent. */
export type ServersTransportOptions = Static<typeof serversTransportSchema>;

/** With its defaults; lengths of time in milliseconds, 0 for no limit. It goes from process to process as JSON. */
export type ServersTransport = {
  readonly insecureSkipVerify: boolean;
  /** Paths of files, or PEM; absent: the usual authorities. */
  readonly rootCAs?: readonly string[];
  /** Idle connections kept to each server; absent: all. */
  readonly maxIdle?: number;
  readonly dialTimeoutMs: number;
  /** From when the whole request has been sent; absent: no limit. */
  readonly responseHeaderMs?: number;
  /** Absent: what each protocol has found to be good. */
  readonly idleTimeoutMs?: number;
};

/** The same with the texts of what it names, as workers and health checks need it. */
export type TransportMaterial = Omit<ServersTransport, 'rootCAs'> & {
  /** Trusted authorities, PEM; absent: the usual ones. */
  readonly ca?: readonly string[];
};
