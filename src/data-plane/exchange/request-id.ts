// The name under which one request is found again in logs.
import { randomUUID } from 'node:crypto';

/** Longest id that is taken over from a client. */
const maxLength = 128;

/** The client's id if it is harmless in logs and pages, else a new one. */
export function toRequestId(given: string | undefined): string {
  return given !== undefined && given.length <= maxLength && /^[\w.:/+=@-]+$/.test(given)
    ? given
    : randomUUID();
}
