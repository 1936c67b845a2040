// Whether a request that failed on one replica may be tried on another (RFC 9110 §9.2.2, RFC 9112 §9.3.1).
import { faults, type GatewayError } from '../../model/errors.ts';

/** Methods that may run twice without harm. */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** What is known of an attempt that has failed. */
export type Attempt = {
  readonly method: string;
  readonly hasBody: boolean;
  /** Whether anything of an answer has come. */
  readonly answered: boolean;
  /** How often this request has been repeated on such a connection. */
  readonly repeats: number;
};

/**
 * Whether one more attempt can do no harm. A connection that failed before anything was sent never does, so every
 * replica may be tried once.
 */
export function mayRetry(error: GatewayError, attempt: Attempt): boolean {
  if (attempt.answered) return false;
  switch (faults[error.code].retry) {
    case 'never':
      return false;
    case 'safe':
      return true;
    case 'if-idempotent':
      // The replica died, or closed an idle connection at the same moment. Once only: the request may be what kills it.
      return attempt.repeats === 0 && !attempt.hasBody && idempotent.has(attempt.method);
  }
}
