// CORS (Fetch standard §3.2): preflights are answered here, other responses get the fields that let a script read them.
import { RE2JS } from 're2js';
import { fieldOf, joinedFieldOf, setField } from '../../../lib/header-fields.ts';
import type { HeadersOptions } from '../../../model/middlewares/headers.ts';
import type { Answer, Exchange, ResponseRewrite } from '../exchange.ts';

/** The CORS part of the headers middleware. */
export type Cors = {
  /** The answer to a preflight; undefined for other requests. */
  answerPreflight(exchange: Exchange): Answer | undefined;
  readonly rewrite: ResponseRewrite;
};

/** Undefined when no CORS option is set. */
export function compileCors(options: HeadersOptions): Cors | undefined {
  const methods = (options.accessControlAllowMethods ?? []).join(',');
  const headers = (options.accessControlAllowHeaders ?? []).join(',');
  const exposed = (options.accessControlExposeHeaders ?? []).join(',');
  const origins = options.accessControlAllowOriginList ?? [];
  const patterns = (options.accessControlAllowOriginListRegex ?? []).map((source) => RE2JS.compile(source));
  const credentials = options.accessControlAllowCredentials === true;
  const maxAge = options.accessControlMaxAge ?? 0;
  const vary = options.addVaryHeader === true;
  const isOn =
    credentials ||
    vary ||
    maxAge !== 0 ||
    [methods, headers, exposed].some((list) => list !== '') ||
    origins.length + patterns.length > 0;
  if (!isOn) return undefined;

  /** What Access-Control-Allow-Origin says to this origin. */
  function allowed(origin: string | undefined): string | undefined {
    if (origin === undefined || origin.length > maxOriginLength) return undefined;
    for (const item of origins) if (item === '*' || item === origin) return item;
    return patterns.some((pattern) => pattern.test(origin)) ? origin : undefined;
  }

  return {
    answerPreflight(exchange) {
      if (exchange.method !== 'OPTIONS') return undefined;
      const origin = fieldOf(exchange.fields, 'origin');
      if (!origin || !fieldOf(exchange.fields, 'access-control-request-method')) return undefined;
      const fields: string[] = [];
      if (headers !== '') fields.push('Access-Control-Allow-Headers', headers);
      if (methods !== '') fields.push('Access-Control-Allow-Methods', methods);
      // Not set is no answer: browsers have a default of their own. Traefik says nothing either.
      if (maxAge !== 0) fields.push('Access-Control-Max-Age', String(maxAge));
      return { status: 200, fields, body: '' };
    },
    rewrite(exchange, { fields }) {
      const origin = allowed(fieldOf(exchange.fields, 'origin'));
      if (origin !== undefined) setField(fields, 'Access-Control-Allow-Origin', origin);
      if (credentials) setField(fields, 'Access-Control-Allow-Credentials', 'true');
      if (exposed !== '') setField(fields, 'Access-Control-Expose-Headers', exposed);
      if (vary) addVary(fields);
    },
  };
}

/** An origin is a scheme, a host of at most 255 characters and a port: longer ones are not worth a regexp. */
const maxOriginLength = 300;

function addVary(fields: string[]): void {
  const before = joinedFieldOf(fields, 'vary');
  if (before === undefined) fields.push('Vary', 'Origin');
  else if (!/(?:^|,)\s*(?:origin|\*)\s*(?:,|$)/i.test(before)) setField(fields, 'Vary', `${before}, Origin`);
}
