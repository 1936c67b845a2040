// An answer that the gateway gives before a replica hears of the request.
import type { Outcome } from '../../model/explanation.ts';

/** One with its status. */
export type Refusal = Outcome & { readonly status: number };

/** `text` and `hint` are sentences. */
export function refuse(status: number, text: string, hint?: string): Refusal {
  return { kind: 'refused', status, text, ...(hint === undefined ? {} : { hint }) };
}
