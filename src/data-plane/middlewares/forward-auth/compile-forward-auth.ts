// forwardAuth: another server is asked whether a request may pass (Traefik pkg/middlewares/auth/forward.go). Its answer is
// waited for; if it is not 2xx, it is the client's.
import { escapeHtml } from '../../../lib/escape-html.ts';
import { forwardableResponseFields } from '../../../lib/forwardable-fields.ts';
import { type Fields, fieldOf, removeField, setField } from '../../../lib/header-fields.ts';
import { GatewayError } from '../../../model/errors.ts';
import type { ForwardAuthOptions } from '../../../model/middlewares/forward-auth.ts';
import { defaultTransport, type Transport, type Upstream } from '../../live-state/upstream.ts';
import { type Answer, type Exchange, type HeadMiddleware, whenOver } from '../exchange.ts';
import { type StageMiddleware, toMiddleware } from '../stage.ts';
import { type AuthAnswer, askAuthServer, isConsent, type PendingAnswer } from './ask-auth-server.ts';
import { type AuthVerdict, askWithBody, type BodiedQuestion, bodyFrom } from './ask-with-body.ts';
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

/** Where `maxBodySize` is absent: Traefik has no limit, and a body is held in memory. */
const defaultMaxBodyBytes = 16 * 1024 * 1024;

/** Asks another server (Traefik v3.7 "ForwardAuth"). With `forwardBody` it is a stage. @throws when a certificate is missing. */
export function compileForwardAuth(options: ForwardAuthOptions, io: ForwardAuthIo): HeadMiddleware {
  const address = new URL(options.address);
  const upstream = io.openUpstream(
    `${address.protocol}//${address.host}`,
    options.tls === undefined ? defaultTransport : toAuthTransport(options.tls, io.pem),
  );
  const target = address.pathname + address.search;
  const { headerField = '', authSigninURL = '', preserveRequestMethod = false } = options;
  const limits = { timeoutMs, maxBytes: orNoLimit(options.maxResponseBodySize, defaultMaxBytes) };
  const toFields = compileAuthFields(options);
  const takeConsent = compileTakeConsent(options);
  const userField = headerField.toLowerCase();

  const ask = (exchange: Exchange, fields: Fields, body: Buffer | undefined): PendingAnswer => {
    if (body !== undefined) setField(fields, 'Content-Length', String(body.length));
    const request = {
      method: preserveRequestMethod ? exchange.method : 'GET',
      ...{ target, host: address.host, fields },
      body: body === undefined ? undefined : bodyFrom(body),
      upgrade: undefined,
    };
    return askAuthServer(upstream, request, limits);
  };

  /** Undefined: the request may pass. */
  const refusalOf = (exchange: Exchange, answer: AuthAnswer): Answer | undefined => {
    if (userField !== '') exchange.user = fieldOf(answer.fields, userField) ?? exchange.user;
    if (answer.status === 401 && authSigninURL !== '') return signIn(authSigninURL, exchange.method);
    return isConsent(answer.status) ? undefined : refuse(answer, options, address);
  };

  if (options.forwardBody === true) {
    const maxBytes = orNoLimit(options.maxBodySize, defaultMaxBodyBytes);
    return toBodiedMiddleware((exchange) => {
      // As they are here, and not as middlewares behind this one will have left them.
      const told = toFields(exchange);
      return {
        maxBytes,
        ask(body, fields) {
          const { answer, giveUp } = ask(exchange, told, body);
          const verdict = answer.then((given): AuthVerdict => {
            const refusal = refusalOf(exchange, given);
            if (refusal !== undefined) return { answer: refusal };
            const changed = [...fields];
            return { rewrite: takeConsent(changed, given.fields), fields: changed };
          });
          return { verdict, giveUp };
        },
      };
    });
  }

  return async (exchange) => {
    const { answer, giveUp } = ask(exchange, toFields(exchange), undefined);
    whenOver(exchange, () => giveUp(new GatewayError('client-closed')));
    const given = await answer;
    const refusal = refusalOf(exchange, given);
    if (refusal !== undefined) return refusal;
    const rewrite = takeConsent(exchange.fields, given.fields);
    if (rewrite !== undefined) exchange.responseRewrites.push(rewrite);
    return undefined;
  };
}

/** A stage that knows what the exchange was like when it came to this place of the chain. */
function toBodiedMiddleware(questionOf: (exchange: Exchange) => BodiedQuestion): StageMiddleware {
  const meet: HeadMiddleware = (exchange) => {
    const question = questionOf(exchange);
    return toMiddleware((request, handler, inward) => askWithBody(question, request, handler, inward))(
      exchange,
    );
  };
  return Object.assign(meet, { isStage: true } as const);
}

function orNoLimit(given: number | undefined, fallback: number): number {
  if (given === undefined) return fallback;
  return given < 0 ? Number.POSITIVE_INFINITY : given;
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
