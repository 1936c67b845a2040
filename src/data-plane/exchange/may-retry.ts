// Whether a request that failed on one replica may be tried on another (RFC 9110 §9.2.2, RFC 9112 §9.3.1).
import { faults, type GatewayError } from '../../model/errors.ts';

/** Methods that may run twice without harm. */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

export type Attempt = {
  readonly method: string;
  readonly hasBody: boolean;
  /** Whether the connection had served another request before. */
  readonly reused: boolean;
  /** Whether anything of an answer has come. */
  readonly answered: boolean;
};

/** Whether one more attempt can do no harm. */
export function mayRetry(error: GatewayError, attempt: Attempt): boolean {
  if (attempt.answered) return false;
  switch (faults[error.code].retry) {
    case 'never':
      return false;
    case 'safe':
      return true;
    case 'if-reused':
      // An idle connection that the upstream closed at the same moment: it has not read the request.
      return attempt.reused && !attempt.hasBody && idempotent.has(attempt.method);
  }
}
