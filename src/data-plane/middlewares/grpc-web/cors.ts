// Pages call from other origins: what their browsers ask before, and want to hear afterwards (Fetch standard §3.2). Source:
// improbable-eng/grpc-web, wrapper.go, as Traefik sets it up.
import { type Fields, fieldOf, setField } from '../../../lib/header-fields.ts';
import type { Answer, Exchange, ResponseRewrite } from '../exchange.ts';

/** How long a browser may remember the answer to a preflight, in seconds. */
const maxAge = 600;

/** Undefined unless it asks whether gRPC-Web may be sent. */
export function answerPreflight(
  { method, fields }: Exchange,
  isAllowed: (origin: string) => boolean,
): Answer | undefined {
  if (method !== 'OPTIONS') return undefined;
  const origin = fieldOf(fields, 'origin');
  const headers = fieldOf(fields, 'access-control-request-headers') ?? '';
  if (origin === undefined || !/(?:^|,)\s*x-grpc-web\s*(?:,|$)/i.test(headers)) return undefined;
  const answer: Fields = ['Vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'];
  if (isAllowed(origin)) {
    answer.push(
      ...['Access-Control-Allow-Origin', origin],
      ...['Access-Control-Allow-Methods', 'POST'],
      ...['Access-Control-Allow-Headers', headers],
      ...['Access-Control-Allow-Credentials', 'true'],
      ...['Access-Control-Max-Age', String(maxAge)],
    );
  }
  return { status: 204, fields: answer, body: '' };
}

/** Lets the page read the answer, and all fields of it: gRPC's own among them. */
export function compileCors(isAllowed: (origin: string) => boolean): ResponseRewrite {
  return (exchange, { fields }) => {
    fields.push('Vary', 'Origin');
    const origin = fieldOf(exchange.fields, 'origin');
    if (origin === undefined || !isAllowed(origin)) return;
    const names = new Set(fields.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase()));
    for (const name of ['grpc-status', 'grpc-message']) names.add(name);
    setField(fields, 'Access-Control-Allow-Origin', origin);
    setField(fields, 'Access-Control-Allow-Credentials', 'true');
    setField(fields, 'Access-Control-Expose-Headers', [...names].join(', '));
  };
}
