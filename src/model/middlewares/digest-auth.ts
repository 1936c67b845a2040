// Options of the digestAuth middleware. Source: Traefik v3.7 "DigestAuth".
import type { Static } from 'typebox';
import { flag, optional, section, text, textList } from '../fields.ts';

/** As labels and files write it. */
export const digestAuthSchema = section(
  {
    users: optional(
      textList({ description: 'name:realm:hash triples, as `htdigest` writes them (MD5).', secret: true }),
    ),
    usersFile: optional(
      text({ description: 'File with one name:realm:hash triple a line, read when the route is built.' }),
    ),
    realm: optional(text({ description: 'Realm shown to the client.', default: 'traefik' })),
    removeHeader: optional(
      flag({ description: 'Remove the Authorization field before forwarding.', default: false }),
    ),
    headerField: optional(text({ description: 'Field in which the user’s name is passed on.', default: '' })),
  },
  { description: 'Asks for a name and a password that is not sent (RFC 7616, MD5).' },
);

/** Decoded. */
export type DigestAuthOptions = Static<typeof digestAuthSchema>;
