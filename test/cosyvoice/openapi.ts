// /openapi.json and /docs, both made from the endpoint table, in FastAPI's shape.

import type { InferenceEndpoint } from './inference.ts';

const TITLE = 'FastAPI';

/** The OpenAPI 3.1 description that FastAPI would generate for these endpoints. */
export function describeApi(endpoints: readonly InferenceEndpoint[]): object {
  const paths: Record<string, object> = {};
  const schemas: Record<string, object> = {};
  for (const { path, fields } of endpoints) {
    const name = path.slice(1);
    const schema = `Body_${name}_${name}_post`;
    schemas[schema] = {
      type: 'object',
      title: schema,
      required: fields.map((field) => field.name),
      properties: Object.fromEntries(
        fields.map((field) => [
          field.name,
          { type: 'string', ...(field.kind === 'file' && { format: 'binary' }) },
        ]),
      ),
    };
    const type = fields.some((field) => field.kind === 'file')
      ? 'multipart/form-data'
      : 'application/x-www-form-urlencoded';
    const operation = (method: string): object => ({
      operationId: `${name}_${name}_${method}`,
      requestBody: {
        required: true,
        content: { [type]: { schema: { $ref: `#/components/schemas/${schema}` } } },
      },
      responses: {
        200: { description: 'Successful Response', content: { 'application/json': { schema: {} } } },
        422: { description: 'Validation Error' },
      },
    });
    paths[path] = { get: operation('get'), post: operation('post') };
  }
  paths['/generate'] = { post: generateOperation() };
  return { openapi: '3.1.0', info: { title: TITLE, version: '0.1.0' }, paths, components: { schemas } };
}

/** A page that lists the endpoints; FastAPI's own loads Swagger UI from the internet. */
export function docsPage(endpoints: readonly InferenceEndpoint[]): string {
  const rows = endpoints.map(
    ({ path, fields }) =>
      `<li><code>GET, POST ${path}</code>: ${fields.map((field) => field.name).join(', ')}</li>`,
  );
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${TITLE} - Docs</title></head>
<body><h1>${TITLE}</h1><p><a href="/openapi.json">/openapi.json</a></p><ul>
${rows.join('\n')}
<li><code>POST /generate</code>: prompt_audio, text, mode, seed</li>
</ul></body></html>
`;
}

function generateOperation(): object {
  const schema = {
    type: 'object',
    required: ['prompt_audio', 'text'],
    properties: {
      prompt_audio: { type: 'string', contentEncoding: 'base64' },
      text: { type: 'string' },
      mode: { type: 'string', enum: ['zero_shot', 'instruct'], default: 'zero_shot' },
      instruct_text: { type: 'string' },
      seed: { type: 'integer' },
    },
  };
  return {
    operationId: 'generate_generate_post',
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: { 200: { description: 'Successful Response', content: { 'audio/wav': {} } } },
  };
}
