// The request for an error page (Traefik pkg/middlewares/customerrors). Pure.
import type { Fields, ReadonlyFields } from '../../../lib/header-fields.ts';
import type { UpstreamRequest } from '../../live-state/upstream.ts';

/** What a page may depend on. */
export type PageSubject = {
  /** The status that the client gets, and the one of the answer that is replaced. */
  readonly status: number;
  readonly originalStatus: number;
  /** Of the request whose answer is replaced. */
  readonly url: string;
};

/** Makes the request for a page of the one whose answer is replaced. */
export type PageRequest = (request: UpstreamRequest, subject: PageSubject) => UpstreamRequest;

/** Compiles the options. `forwarded`: names of the client's fields that go along; undefined for all. */
export function compilePageRequest(query: string, forwarded: readonly string[] | undefined): PageRequest {
  const names = forwarded && new Set(forwarded.map((name) => name.trim().toLowerCase()));
  const passes = (name: string): boolean => names === undefined || names.has(name) || isOwn(name);
  return (request, subject) => ({
    // What answers HEAD has no body.
    method: request.method === 'HEAD' ? 'HEAD' : 'GET',
    target: toTarget(query, subject),
    host: request.host,
    fields: fieldsFor(request.fields, passes),
    body: undefined,
    upgrade: undefined,
  });
}

/**
 * Of a body that does not go along, and of what the client knows of another resource: a 304 or a part of a page would be
 * no answer.
 */
const dropped = /^(?:content-(?:length|type|encoding)|range|if-.*|sec-websocket-.*)$/;

function fieldsFor(fields: ReadonlyFields, passes: (name: string) => boolean): Fields {
  const kept: Fields = [];
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    const lower = name.toLowerCase();
    if (!dropped.test(lower) && passes(lower)) kept.push(name, fields[at + 1] ?? '');
  }
  return kept;
}

/** The gateway's own word on who asks. */
function isOwn(name: string): boolean {
  return name.startsWith('x-forwarded-') || /^x-(?:real-ip|request-id|berth-hops)$/.test(name);
}

function toTarget(query: string, { status, originalStatus, url }: PageSubject): string {
  if (query === '') return '/';
  return `/${query.replace(/^\//, '')}`
    .replaceAll('{status}', String(status))
    .replaceAll('{originalStatus}', String(originalStatus))
    .replaceAll('{url}', () => queryEscape(url));
}

/** As Go's url.QueryEscape. */
function queryEscape(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
