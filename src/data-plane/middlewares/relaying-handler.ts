// A handler that hands everything on as it comes: those that change something extend it.
import type { Duplex } from 'node:stream';
import type { Fields, ReadonlyFields } from '../../lib/header-fields.ts';
import type { GatewayError } from '../../model/errors.ts';
import type { UpstreamHandler } from '../live-state/upstream.ts';

/** Passes an answer on to `outer`. */
export class RelayingHandler implements UpstreamHandler {
  protected readonly outer: UpstreamHandler;

  constructor(outer: UpstreamHandler) {
    this.outer = outer;
  }

  onInformation(status: number, fields: Fields): void {
    this.outer.onInformation(status, fields);
  }

  onHead(status: number, fields: ReadonlyFields, isLast?: boolean): void {
    this.outer.onHead(status, fields, isLast);
  }

  onData(chunk: Buffer): boolean {
    return this.outer.onData(chunk);
  }

  onEnd(trailers: Fields): void {
    this.outer.onEnd(trailers);
  }

  onUpgrade(fields: Fields, socket: Duplex): void {
    this.outer.onUpgrade(fields, socket);
  }

  onError(error: GatewayError): void {
    this.outer.onError(error);
  }
}
