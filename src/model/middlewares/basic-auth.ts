// Options of the basicAuth middleware. Source: Traefik v3.7 "BasicAuth".
import type { Static } from 'typebox';
import { flag, optional, section, text, textList } from '../fields.ts';

/** As labels and files write it. */
export const basicAuthSchema = section(
  {
    users: optional(
      textList({
        description: 'name:hash pairs; the hash is bcrypt, MD5 ($apr1$) or SHA1 ({SHA}).',
        secret: true,
      }),
    ),
    usersFile: optional(
      text({ description: 'File with one name:hash pair a line, read when the route is built.' }),
    ),
    realm: optional(text({ description: 'Realm shown to the client.', default: 'traefik' })),
    removeHeader: optional(
      flag({ description: 'Remove the Authorization field before forwarding.', default: false }),
    ),
    headerField: optional(text({ description: 'Field in which the user’s name is passed on.', default: '' })),
  },
  { description: 'Asks for a name and a password (RFC 7617).' },
);

/** Decoded. */
export type BasicAuthOptions = Static<typeof basicAuthSchema>;
