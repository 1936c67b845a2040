// What went wrong with a passage, noted for its record and told to the log. One rule for all lanes.
import { type GatewayError, toGatewayError } from '../../model/errors.ts';
import type { Passage } from './passage.ts';

/** Gives the error as one of ours; the first one of a passage is what its record shows. */
export function reportFault(passage: Passage, error: unknown): GatewayError {
  const { exchange, core } = passage;
  const known = toGatewayError(error);
  passage.fault ??= known.code;
  if (known.code === 'internal') {
    core.log.error({ err: known.cause, requestId: exchange.requestId }, 'A request failed unexpectedly.');
  } else if (known.cause !== undefined) {
    const { code } = known;
    const cause = known.cause instanceof Error ? known.cause.message : String(known.cause);
    core.log.debug(
      { code, cause, requestId: exchange.requestId, replica: passage.replica?.id },
      known.message,
    );
  }
  return known;
}
