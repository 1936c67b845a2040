// TLS towards a server that a middleware asks. Source: Traefik v3.7, types/tls.go, ClientTLS.
import type { Static } from 'typebox';
import { flag, optional, section, text } from '../fields.ts';

/** As labels and files write it. Each of ca, cert and key is the path of a file, or PEM itself. */
export const clientTlsSchema = section(
  {
    ca: optional(
      text({ description: 'File with the authorities that are trusted in place of the usual ones, or PEM.' }),
    ),
    cert: optional(text({ description: 'File with the certificate that is shown to the server, or PEM.' })),
    key: optional(text({ description: 'File with its private key, or PEM.', secret: true })),
    insecureSkipVerify: optional(
      flag({ description: 'Take any certificate of the server.', default: false }),
    ),
    caOptional: optional(
      flag({ description: 'Ignored.', deprecated: 'Remove it: it says nothing on the side of a client.' }),
    ),
  },
  { description: 'TLS towards this server.' },
);

/** Decoded; once resolved, ca, cert and key are names of PEM texts (`PemTexts`). */
export type ClientTlsOptions = Static<typeof clientTlsSchema>;
