// The answer of all redirections (Traefik pkg/middlewares/redirect, moveHandler).
import type { Answer } from './exchange.ts';

/** Status and its text by permanence; a method other than GET must not become GET (RFC 9110 §15.4.8, §15.4.9). */
const statuses = {
  temporary: { get: [302, 'Found'], other: [307, 'Temporary Redirect'] },
  permanent: { get: [301, 'Moved Permanently'], other: [308, 'Permanent Redirect'] },
} as const;

/** Sends a client of that method to `location`. */
export function redirectAnswer(location: string, method: string, permanent: boolean): Answer {
  const byMethod = permanent ? statuses.permanent : statuses.temporary;
  const [status, text] = method === 'GET' ? byMethod.get : byMethod.other;
  return {
    status,
    fields: ['Location', location, 'Content-Type', 'text/plain; charset=utf-8'],
    body: text,
  };
}
