// Reads a form body, urlencoded or multipart, with any method (CosyVoice's own clients send it with GET), and says
// what is missing in FastAPI's words.

import type { IncomingMessage } from 'node:http';
import { Busboy } from '@fastify/busboy';

export type FormValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly filename: string; readonly bytes: Buffer };

export type Form = ReadonlyMap<string, FormValue>;

export interface Field {
  readonly name: string;
  readonly kind: FormValue['kind'];
}

/** One entry of FastAPI's 422 answer (pydantic's error). */
export interface FieldError {
  readonly type: string;
  readonly loc: readonly ['body', ...(string | number)[]];
  readonly msg: string;
  readonly input: unknown;
  readonly ctx?: object;
}

/** The body cannot be read as what its Content-Type says; FastAPI answers 400 with this as `detail`. */
export class FormError extends Error {}

/** A body that is no form counts as an empty one, as in Starlette. The last of equal names wins. */
export async function readForm(request: IncomingMessage): Promise<Form> {
  const type = request.headers['content-type'] ?? '';
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type)) {
    request.resume();
    return new Map();
  }
  const form = new Map<string, FormValue>();
  await new Promise<void>((resolve, reject) => {
    const fail = (error: unknown): void => {
      request.unpipe();
      request.resume();
      reject(new FormError(describe(error)));
    };
    let parser: ReturnType<typeof Busboy>;
    try {
      parser = Busboy({ headers: { ...request.headers, 'content-type': type } });
    } catch (error) {
      fail(error);
      return;
    }
    parser.on('field', (name, text) => form.set(name, { kind: 'text', text }));
    parser.on('file', (name, stream, filename) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => form.set(name, { kind: 'file', filename, bytes: Buffer.concat(pieces) }));
    });
    parser.on('finish', resolve);
    parser.on('error', fail);
    request.on('error', fail);
    request.on('aborted', () => fail(new Error('client disconnected')));
    request.pipe(parser);
  });
  return form;
}

/** What FastAPI would object to, in the order of the fields; an empty text is a missing one to it. */
export function fieldErrors(form: Form, fields: readonly Field[]): readonly FieldError[] {
  return fields.flatMap(({ name, kind }): readonly FieldError[] => {
    const value = form.get(name);
    if (value === undefined || (value.kind === 'text' && value.text === '')) {
      return [missing(name)];
    }
    if (value.kind === kind) return [];
    const loc = ['body', name] as const;
    if (value.kind === 'text') {
      const msg = "Value error, Expected UploadFile, received: <class 'str'>";
      return [{ type: 'value_error', loc, msg, input: value.text, ctx: { error: {} } }];
    }
    const msg = 'Input should be a valid string';
    return [{ type: 'string_type', loc, msg, input: { filename: value.filename } }];
  });
}

/** The entry for a field that is not there. */
export function missing(name: string): FieldError {
  return { type: 'missing', loc: ['body', name], msg: 'Field required', input: null };
}

function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /boundary/i.test(message) ? 'Missing boundary in multipart.' : 'There was an error parsing the body';
}
