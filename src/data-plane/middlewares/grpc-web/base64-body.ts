// The body of a request in base64 (application/grpc-web-text), decoded while it comes.
import type { GatewayError } from '../../../model/errors.ts';
import type { BodySink, RequestBody } from '../../live-state/upstream.ts';

/** Decodes a body. Several texts may follow each other, each with its own padding. */
export class Base64Body implements RequestBody, BodySink {
  readonly #source: RequestBody;
  #sink: BodySink | undefined;
  /** Less than four characters, which are three bytes. */
  #rest = '';

  constructor(source: RequestBody) {
    this.#source = source;
  }

  begin(sink: BodySink): void {
    this.#sink = sink;
    this.#source.begin(this);
  }

  resume(): void {
    this.#source.resume();
  }

  cancel(): void {
    this.#source.cancel();
  }

  onBodyData(chunk: Buffer): boolean {
    const text = this.#rest + chunk.toString('latin1').replace(/\s+/g, '');
    const whole = text.length - (text.length % 4);
    this.#rest = text.slice(whole);
    const bytes = decodeAll(text.slice(0, whole));
    return bytes.length === 0 || this.#sink?.onBodyData(bytes) === true;
  }

  onBodyEnd(): void {
    const last = decodeAll(this.#rest);
    if (last.length > 0) this.#sink?.onBodyData(last);
    this.#sink?.onBodyEnd();
  }

  onBodyError(error: GatewayError): void {
    this.#sink?.onBodyError(error);
  }
}

function decodeAll(text: string): Buffer {
  const parts = text.match(/[^=]+=*/g) ?? [];
  return parts.length === 1
    ? Buffer.from(text, 'base64')
    : Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')));
}
