// What every lane is, and what it works with. A lane moves the bytes of a verdict; which one serves a connection is decided
// in front of them, by its first bytes.
import type { Socket } from 'node:net';
import type { ExchangeRecorder } from '../../observability/create-exchange-recorder.ts';
import type { RequestReader } from '../exchange/read-request.ts';
import type { EntryPointSnapshot } from '../exchange/snapshot.ts';
import type { LoadReporter } from '../live-state/load-reporter.ts';
import type { ConnectionBook } from './connection-book.ts';

/** Serves connections, each from where it stands to its end. */
export type Lane = {
  /**
   * Takes over an open connection, plain or (a TLSSocket) decrypted. `first` are bytes that were read from it already;
   * nobody else listens for its data any more.
   */
  accept(socket: Socket, first: Buffer | undefined): void;
  /** After the last connection: lets go of what the lane holds. */
  close(): Promise<void>;
};

/** What a lane works with; one for each entry point. */
export type LaneCore = {
  /** The present one; undefined before the first configuration. */
  readonly snapshot: () => EntryPointSnapshot | undefined;
  readonly readRequest: RequestReader;
  readonly loads: LoadReporter;
  readonly recorder: Pick<ExchangeRecorder, 'isOn' | 'recordExchange' | 'openConnection'>;
  readonly connections: ConnectionBook;
  readonly log: LaneLog;
  /** Time limit for a whole response; 0 for none. */
  readonly writeTimeoutMs: number;
};

/** Where a lane tells of faults. */
export type LaneLog = {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
};
