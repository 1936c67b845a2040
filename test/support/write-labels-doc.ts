// Writes docs/labels.md anew: `node test/support/write-labels-doc.ts`.
import { writeFileSync } from 'node:fs';
import { renderLabelsDoc } from './labels-doc.ts';

writeFileSync(new URL('../../docs/labels.md', import.meta.url), renderLabelsDoc());
