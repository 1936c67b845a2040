// An answer of the gateway's own, given as if a replica had.
import type { UpstreamHandler } from '../live-state/upstream.ts';
import { type Answer, bodyOf } from './exchange.ts';

/** Gives head, body and end at once: an answer is small enough to need no back-pressure. */
export function giveAnswer(answer: Answer, method: string, handler: UpstreamHandler): void {
  const { status, fields } = answer;
  const bytes = bodyOf(answer);
  const hasLength = status !== 204 && status !== 304;
  const hasBody = bytes.length > 0 && method !== 'HEAD' && hasLength;
  const head = hasLength ? [...fields, 'Content-Length', String(bytes.length)] : fields;
  handler.onHead(status, head, !hasBody);
  if (hasBody) handler.onData(bytes);
  handler.onEnd([]);
}
