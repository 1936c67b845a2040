// What @fastify/http-proxy sends by, in place of an undici of its own: a request of it goes out as the passage says, with
// its exact target, fields and body, and may go to another replica when one fails.
import type { GatewayError } from '../../../model/errors.ts';
import type { FastifyPassage } from './fastify-passage.ts';
import { forward } from './forward.ts';

const passageKey = Symbol('passage');

/**
 * Stands for the fields of a request between the plugin and the transport: the plugin hands fields through and copies
 * what it does not know, so that the passage comes along.
 */
export type Carrier = { readonly [passageKey]: FastifyPassage };

/** Stands for the body of an answer. The plugin gives it to `onResponse`, or destroys it when the client has left. */
export type PendingAnswer = {
  /** Relays the answer to the client, from its head on. */
  begin(): void;
  destroy(): void;
};

/** What the plugin wants to hear: an error, or an answer. */
type Done = (
  error: GatewayError | null,
  answer?: {
    readonly statusCode: number;
    readonly headers: Record<string, string>;
    readonly body: PendingAnswer;
  },
) => void;

/** Lets the plugin carry a passage. */
export function toCarrier(passage: FastifyPassage): Carrier {
  return { [passageKey]: passage };
}

/** In the form of undici's `request`. Not called back when the client has left or already has an answer. */
export const transport = {
  request({ headers }: { readonly headers: Carrier }, done: Done): void {
    const passage = headers[passageKey];
    const { destination } = passage;
    if (destination === undefined) throw new Error('A request was forwarded that nobody has judged.');
    forward(passage, destination, {
      onAnswer(begin) {
        const body = { begin, destroy: () => passage.upstream?.abort() };
        // The head goes to the client as it came. Fastify folds fields and takes no status above 599, which HTTP knows.
        done(null, { statusCode: 200, headers: {}, body });
      },
      onFailure: (error) => done(error),
    });
  },
};
