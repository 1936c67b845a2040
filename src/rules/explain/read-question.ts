// What somebody asks about, as a question. Not by WHATWG's URL, which would tidy up the very paths that are in doubt.
import type { Question } from '../../model/explanation.ts';

/** What may be said of a request besides its URL; empty where nothing is said. */
export type QuestionParts = {
  /** http, https, ws or wss, with host, and port, path and query where there are any. */
  readonly url: string;
  readonly method: string;
  /** `Name: value`, one each. */
  readonly headers: readonly string[];
  /** The client's address; 127.0.0.1 where nothing is said. */
  readonly client: string;
  readonly entryPoint: string;
};

/** The question, or what is wrong with it in one sentence. */
export type ReadQuestion =
  | { readonly ok: true; readonly question: Question }
  | { readonly ok: false; readonly message: string };

const urlParts = /^(https?|wss?):\/\/(\[[^\]]*\]|[^/?#:@]+)(?::(\d{1,5}))?(\/[^?#]*)?(\?[^#]*)?(?:#.*)?$/i;

/** Reads the parts of a question. */
export function readQuestion({ url, method, headers, client, entryPoint }: QuestionParts): ReadQuestion {
  const [, written = '', host = '', port, path = '/', query = ''] = urlParts.exec(url.trim()) ?? [];
  if (written === '') {
    const message = `${JSON.stringify(url)} is no URL to ask about. Write it whole, such as https://tts.example.com/v1/x.`;
    return { ok: false, message };
  }
  const scheme = /^(?:https|wss)$/i.test(written) ? 'https' : 'http';
  const fields = readHeaders(headers);
  if (typeof fields === 'string') return { ok: false, message: fields };
  const question: Question = {
    scheme,
    method: method === '' ? 'GET' : method.toUpperCase(),
    host,
    port: port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port),
    isPortNamed: port !== undefined,
    path,
    query,
    headers: fields,
    client: client === '' ? '127.0.0.1' : client,
    entryPoint,
  };
  return { ok: true, question };
}

function readHeaders(lines: readonly string[]): Readonly<Record<string, string>> | string {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) return `The header ${JSON.stringify(line)} has no colon. Write it as Name:value.`;
    fields.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return Object.fromEntries(fields);
}
