// What a connection of HTTP/2 is made with.
import { createFieldNames, type FieldNames } from '../../lib/http2/field-names.ts';
import type { ListLimits } from '../../lib/http2/hpack-decoder.ts';
import { PiecePool } from './output.ts';
import { Turns } from './turns.ts';

/** What all connections of a lane, or to an origin, share. */
export type SessionParts = {
  readonly pool: PiecePool;
  readonly turns: Turns;
  readonly names: FieldNames;
};

/** Makes them. */
export function createSessionParts(): SessionParts {
  return { pool: new PiecePool(), turns: new Turns(), names: createFieldNames() };
}

/** What one side says of itself, and holds to. */
export type SessionOptions = {
  readonly isServer: boolean;
  /** Numbers of RFC 9113 §6.5.2 and their values; the window of a stream is `streamWindowBytes`. */
  readonly settings: ReadonlyMap<number, number>;
  /** What may be on its way on the whole connection. */
  readonly windowBytes: number;
  /** A list that is larger ends its stream. */
  readonly list: ListLimits;
  /** The largest table of fields for what is sent (RFC 7541 §4). */
  readonly encoderTableBytes: number;
};
