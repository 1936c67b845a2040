// forwardAuth: another server is asked whether a request may pass (Traefik pkg/middlewares/auth/forward.go). Its answer is
// waited for; if it is not 2xx, it is the client's.
import { escapeHtml } from '../../../lib/escape-html.ts';
import { forwardableResponseFields } from '../../../lib/forwardable-fields.ts';
import { type Fields, fieldOf, removeField, setField } from '../../../lib/header-fields.ts';
import { GatewayError } from '../../../model/errors.ts';
import type { ForwardAuthOptions } from '../../../model/middlewares/forward-auth.ts';
import { defaultTransport, type Transport, type Upstream } from '../../live-state/upstream.ts';
import type { Answer, Exchange, HeadMiddleware } from '../exchange.ts';
import { type AuthAnswer, askAuthServer, isConsent } from './ask-auth-server.ts';
import { compileAuthFields } from './auth-fields.ts';
import { compileTakeConsent } from './take-consent.ts';
import { toAuthTransport } from './to-auth-transport.ts';

/** Where its connections come from. */
export type ForwardAuthIo = {
  /** The connections of an origin. They are given back when the middleware is not used any more. */
  readonly openUpstream: (origin: string, transport: Transport) => Upstream;
  /** Text of a certificate or key by its name in the options. @throws when there is none. */
  readonly pem: (name: string) => string;
};

/** Traefik's, for a question and its answer. */
const timeoutMs = 30_000;

/** Traefik has no limit here, and an answer is held in memory. A page to sign in at has some kilobytes. */
const defaultMaxBytes = 4 * 1024 * 1024;

/** Asks another server (Traefik v3.7 "ForwardAuth"). @throws when a certificate is missing. */
export function compileForwardAuth(options: ForwardAuthOptions, io: ForwardAuthIo): HeadMiddleware {
  const address = new URL(options.address);
  const upstream = io.openUpstream(
    `${address.protocol}//${address.host}`,
    options.tls === undefined ? defaultTransport : toAuthTransport(options.tls, io.pem),
  );
  const target = address.pathname + address.search;
  const { maxResponseBodySize = defaultMaxBytes, headerField = '', authSigninURL = '' } = options;
  const limits = {
    timeoutMs,
    maxBytes: maxResponseBodySize < 0 ? Number.POSITIVE_INFINITY : maxResponseBodySize,
  };
  const toFields = compileAuthFields(options);
  const takeConsent = compileTakeConsent(options);
  const userField = headerField.toLowerCase();

  const settle = (exchange: Exchange, answer: AuthAnswer): Answer | undefined => {
    if (userField !== '') exchange.user = fieldOf(answer.fields, userField) ?? exchange.user;
    if (answer.status === 401 && authSigninURL !== '') return signIn(authSigninURL, exchange.method);
    if (!isConsent(answer.status)) return refuse(answer, options, address);
    takeConsent(exchange, answer.fields);
    return undefined;
  };

  return async (exchange) => {
    const request = {
      method: options.preserveRequestMethod === true ? exchange.method : 'GET',
      target,
      host: address.host,
      fields: toFields(exchange),
      body: undefined,
      upgrade: undefined,
    };
    return settle(exchange, await askAuthServer(upstream, request, exchange, limits));
  };
}

/** The server's answer as the client's. */
function refuse(
  { status, fields, body }: AuthAnswer,
  { preserveLocationHeader = false }: ForwardAuthOptions,
  address: URL,
): Answer {
  const passed: Fields = forwardableResponseFields(fields, false);
  removeField(passed, 'content-length');
  const location = fieldOf(passed, 'location');
  if (location !== undefined && location !== '' && !preserveLocationHeader) {
    setField(passed, 'Location', absolute(location, address));
  }
  return { status, fields: passed, body };
}

/** One with a scheme stays as it is, to the letter. */
function absolute(location: string, address: URL): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(location)) return location;
  const resolved = URL.parse(location, address);
  if (resolved !== null) return resolved.href;
  const cause = new Error('The authentication server named no valid Location.');
  throw new GatewayError('auth-unreachable', { cause });
}

/** As Go's http.Redirect. */
function signIn(location: string, method: string): Answer {
  const text =
    method === 'GET' || method === 'HEAD' ? `<a href="${escapeHtml(location)}">Found</a>.\n\n` : '';
  const type = text === '' ? [] : ['Content-Type', 'text/html; charset=utf-8'];
  return { status: 302, fields: ['Location', location, ...type], body: text };
}
