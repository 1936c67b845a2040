// Options of the forwardAuth middleware. Source: Traefik v3.7 "ForwardAuth".
import type { Static } from 'typebox';
import { bytes, flag, optional, section, text, textList } from '../fields.ts';
import { clientTlsSchema } from './client-tls.ts';

/** As labels and files write it. */
export const forwardAuthSchema = section(
  {
    address: text({ description: 'URL of the server that is asked whether a request may pass.' }),
    tls: optional(clientTlsSchema),
    trustForwardHeader: optional(
      flag({
        description:
          'Tell it the X-Forwarded fields that came (true) or none of them (false); if absent, some are replaced.',
      }),
    ),
    authResponseHeaders: optional(
      textList({ description: 'Fields of its answer that replace those of the request.' }),
    ),
    authResponseHeadersRegex: optional(
      text({ description: 'The same for all fields with such a name, as RE2.', default: '' }),
    ),
    authRequestHeaders: optional(
      textList({ description: 'Fields of the request that it is told; all of them if absent.' }),
    ),
    addAuthCookiesToResponse: optional(
      textList({ description: 'Cookies of its answer that go to the client, in place of the service’s.' }),
    ),
    headerField: optional(
      text({ description: 'Field of its answer with the user’s name, for the access log.', default: '' }),
    ),
    forwardBody: optional(flag({ description: 'Tell it the body of the request too.', default: false })),
    maxBodySize: optional(
      bytes({
        description:
          'Most bytes of a body that are told; a longer one gets 401; -1 is no limit. If absent, 16 MiB.',
      }),
    ),
    maxResponseBodySize: optional(
      bytes({
        description: 'Most bytes of its answer; a longer one gets 401; -1 is no limit. If absent, 4 MiB.',
      }),
    ),
    preserveLocationHeader: optional(
      flag({
        description: 'Pass a relative Location of its answer on as it is, without its host.',
        default: false,
      }),
    ),
    preserveRequestMethod: optional(
      flag({ description: 'Ask by the method of the request in place of GET.', default: false }),
    ),
    authSigninURL: optional(
      text({ description: 'Where clients are sent that it answers by 401.', default: '' }),
    ),
  },
  { description: 'Asks another server whether a request may pass.' },
);

/** Decoded. */
export type ForwardAuthOptions = Static<typeof forwardAuthSchema>;
