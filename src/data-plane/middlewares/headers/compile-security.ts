// Security fields of responses (Traefik uses github.com/unrolled/secure for them): made once, set on every response.
import { setField } from '../../../lib/header-fields.ts';
import type { HeadersOptions } from '../../../model/middlewares/headers.ts';
import type { ResponseRewrite } from '../exchange.ts';
import { compileTlsTest } from './compile-host-guard.ts';

type Pair = readonly [name: string, value: string];

/** Undefined when no security field is configured. */
export function compileSecurity(options: HeadersOptions): ResponseRewrite | undefined {
  const always: Pair[] = [
    ...pair('X-Frame-Options', options.customFrameOptionsValue || (options.frameDeny ? 'DENY' : undefined)),
    ...pair('X-Content-Type-Options', options.contentTypeNosniff ? 'nosniff' : undefined),
    ...pair(
      'X-XSS-Protection',
      options.customBrowserXSSValue || (options.browserXssFilter ? '1; mode=block' : undefined),
    ),
    ...pair('Content-Security-Policy', options.contentSecurityPolicy),
    ...pair('Content-Security-Policy-Report-Only', options.contentSecurityPolicyReportOnly),
    ...pair('Referrer-Policy', options.referrerPolicy),
    ...pair('Permissions-Policy', options.permissionsPolicy),
  ];
  const onTls: Pair[] = [];
  if (options.isDevelopment !== true) {
    const hsts = pair('Strict-Transport-Security', hstsValue(options));
    (options.forceSTSHeader === true ? always : onTls).push(...hsts);
    onTls.push(...pair('Public-Key-Pins', options.publicKey));
  }
  if (always.length + onTls.length === 0) return undefined;
  const isTls = compileTlsTest(options);
  return (exchange, { fields }) => {
    for (const [name, value] of always) setField(fields, name, value);
    // A browser ignores them on plain connections, where anybody could have written them (RFC 6797 §8.1).
    if (onTls.length > 0 && isTls(exchange)) {
      for (const [name, value] of onTls) setField(fields, name, value);
    }
  };
}

function pair(name: string, value: string | undefined): readonly Pair[] {
  return value === undefined || value === '' ? [] : [[name, value]];
}

function hstsValue(options: HeadersOptions): string | undefined {
  const seconds = options.stsSeconds ?? 0;
  if (seconds === 0) return undefined;
  const subdomains = options.stsIncludeSubdomains === true ? '; includeSubDomains' : '';
  return `max-age=${seconds}${subdomains}${options.stsPreload === true ? '; preload' : ''}`;
}
