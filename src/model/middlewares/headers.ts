// Options of the headers middleware. Source: Traefik v3.7 "Headers".
import type { Static } from 'typebox';
import { flag, integer, optional, section, text, textList, textMap } from '../fields.ts';

const ignored = 'Remove it: Traefik v3 ignores it too; use the redirectScheme middleware.';

/** As labels and files write it. */
export const headersSchema = section(
  {
    customRequestHeaders: optional(
      textMap({ description: 'Fields set on the request; an empty value removes the field.', secret: true }),
    ),
    customResponseHeaders: optional(
      textMap({ description: 'Fields set on the response; an empty value removes the field.', secret: true }),
    ),
    accessControlAllowCredentials: optional(
      flag({ description: 'CORS: allow credentials.', default: false }),
    ),
    accessControlAllowHeaders: optional(textList({ description: 'CORS: allowed request fields.' })),
    accessControlAllowMethods: optional(textList({ description: 'CORS: allowed methods.' })),
    accessControlAllowOriginList: optional(textList({ description: 'CORS: allowed origins, or *.' })),
    accessControlAllowOriginListRegex: optional(textList({ description: 'CORS: allowed origins as RE2.' })),
    accessControlExposeHeaders: optional(
      textList({ description: 'CORS: response fields shown to scripts.' }),
    ),
    accessControlMaxAge: optional(integer({ description: 'CORS: seconds a preflight is kept.', default: 0 })),
    addVaryHeader: optional(flag({ description: 'CORS: add Vary: Origin.', default: false })),
    allowedHosts: optional(textList({ description: 'Hosts that are served; others get 500.' })),
    hostsProxyHeaders: optional(
      textList({ description: 'Fields that may carry the host for allowedHosts.' }),
    ),
    sslProxyHeaders: optional(textMap({ description: 'Fields whose value says that the client used TLS.' })),
    stsSeconds: optional(
      integer({ description: 'max-age of Strict-Transport-Security; 0 is off.', default: 0 }),
    ),
    stsIncludeSubdomains: optional(flag({ description: 'HSTS includeSubDomains.', default: false })),
    stsPreload: optional(flag({ description: 'HSTS preload.', default: false })),
    forceSTSHeader: optional(flag({ description: 'Send HSTS on plain connections too.', default: false })),
    frameDeny: optional(flag({ description: 'X-Frame-Options: DENY.', default: false })),
    customFrameOptionsValue: optional(
      text({ description: 'Value of X-Frame-Options; wins over frameDeny.' }),
    ),
    contentTypeNosniff: optional(flag({ description: 'X-Content-Type-Options: nosniff.', default: false })),
    browserXssFilter: optional(flag({ description: 'X-XSS-Protection: 1; mode=block.', default: false })),
    customBrowserXSSValue: optional(text({ description: 'Value of X-XSS-Protection.' })),
    contentSecurityPolicy: optional(text({ description: 'Value of Content-Security-Policy.' })),
    contentSecurityPolicyReportOnly: optional(
      text({ description: 'Value of Content-Security-Policy-Report-Only.' }),
    ),
    publicKey: optional(text({ description: 'Value of Public-Key-Pins.' })),
    referrerPolicy: optional(text({ description: 'Value of Referrer-Policy.' })),
    permissionsPolicy: optional(text({ description: 'Value of Permissions-Policy.' })),
    isDevelopment: optional(flag({ description: 'Switches host, TLS and HSTS checks off.', default: false })),
    sslRedirect: optional(flag({ description: 'Ignored.', deprecated: ignored })),
    sslTemporaryRedirect: optional(flag({ description: 'Ignored.', deprecated: ignored })),
    sslHost: optional(text({ description: 'Ignored.', deprecated: ignored })),
    sslForceHost: optional(flag({ description: 'Ignored.', deprecated: ignored })),
    featurePolicy: optional(text({ description: 'Ignored.', deprecated: 'Use permissionsPolicy.' })),
  },
  { description: 'Adds, sets and removes header fields; CORS and security headers.' },
);

/** Decoded. */
export type HeadersOptions = Static<typeof headersSchema>;
