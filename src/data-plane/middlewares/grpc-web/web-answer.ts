// An answer of gRPC as gRPC-Web has it: browsers show pages no trailers, so they come as the last message of the body
// (gRPC-Web protocol, "Protocol differences vs gRPC over HTTP2").
import {
  type Fields,
  fieldOf,
  type ReadonlyFields,
  removeField,
  setField,
} from '../../../lib/header-fields.ts';
import type { UpstreamHandler } from '../../live-state/upstream.ts';
import { RelayingHandler } from '../relaying-handler.ts';

/** The flag of a message that holds trailers. */
const trailersFlag = 0x80;

/** Translates one answer. */
export class WebAnswer extends RelayingHandler {
  readonly #isText: boolean;
  #isGrpc = false;

  /** `isText`: the client wants base64. */
  constructor(isText: boolean, outer: UpstreamHandler) {
    super(outer);
    this.#isText = isText;
  }

  override onHead(status: number, upstreamFields: ReadonlyFields, isLast?: boolean): void {
    const contentType = fieldOf(upstreamFields, 'content-type') ?? '';
    this.#isGrpc = /^application\/grpc(?![\w-])/i.test(contentType);
    if (!this.#isGrpc) {
      this.outer.onHead(status, upstreamFields, isLast);
      return;
    }
    const fields: Fields = [...upstreamFields];
    for (const name of ['content-length', 'trailer']) removeField(fields, name);
    const kind = this.#isText ? 'application/grpc-web-text' : 'application/grpc-web';
    setField(fields, 'Content-Type', contentType.replace(/^application\/grpc/i, kind));
    // Without a body there is no message, and what would be trailers stands in the head.
    this.outer.onHead(status, fields, isLast);
  }

  override onData(chunk: Buffer): boolean {
    return this.outer.onData(this.#isGrpc ? this.#encode(chunk) : chunk);
  }

  override onEnd(trailers: Fields): void {
    if (this.#isGrpc && trailers.length > 0) {
      this.outer.onData(this.#encode(toMessage(trailers)));
      this.outer.onEnd([]);
    } else this.outer.onEnd(trailers);
  }

  #encode(bytes: Buffer): Buffer {
    return this.#isText ? Buffer.from(bytes.toString('base64'), 'latin1') : bytes;
  }
}

function toMessage(trailers: ReadonlyFields): Buffer {
  let lines = '';
  for (let at = 0; at < trailers.length; at += 2) {
    lines += `${(trailers[at] ?? '').toLowerCase()}: ${trailers[at + 1]}\r\n`;
  }
  const text = Buffer.from(lines, 'latin1');
  const head = Buffer.alloc(5);
  head.writeUInt8(trailersFlag, 0);
  head.writeUInt32BE(text.length, 1);
  return Buffer.concat([head, text]);
}
