// Writes docs/openapi.json anew: `node test/support/write-openapi.ts`.
import { readFileSync, writeFileSync } from 'node:fs';
import { renderOpenApi } from './openapi-doc.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
writeFileSync(new URL('../../docs/openapi.json', import.meta.url), renderOpenApi(version));
