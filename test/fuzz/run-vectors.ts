// `npm run vectors -- --guardian DIR --llhttp DIR`: sends others' vectors through the whole gateway, in both
// settings of the lanes. DIR is `tests` of aws/http-desync-guardian (Apache-2.0) and `test/request` of nodejs/llhttp (MIT);
// neither is copied here.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { sendInBothSettings, sendVector } from '../support/send-vector.ts';
import type { Vector } from './desync-vectors.ts';

type GuardianCase = {
  readonly name: string;
  readonly uri: string;
  readonly method: string;
  readonly version: string;
  readonly headers: readonly { readonly name: string; readonly value: string | number | null }[] | null;
  readonly expected: { readonly tier: string };
};

const { values } = parseArgs({ options: { guardian: { type: 'string' }, llhttp: { type: 'string' } } });
const atOnce = 8;
const tail = '5\r\nhello\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: smuggled\r\n\r\n';

/** With a Host, without which everything would be refused for that. */
function withHost(head: string): string {
  if (/^host[ \t]*:/im.test(head)) return head;
  return head.replace(/\r\n/, '\r\nHost: a\r\n');
}

function guardianVectors(folder: string): (Vector & { readonly tier: string })[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => {
      const cases = parse(readFileSync(join(folder, file), 'utf8')) as readonly GuardianCase[];
      return cases.map(({ name, uri, method, version, headers, expected }) => {
        const lines = (headers ?? []).map((field) => `${field.name}: ${field.value ?? ''}\r\n`);
        const head = withHost(`${method} ${uri} ${version}\r\n${lines.join('')}\r\n`);
        return { name: `${file}: ${name}`, bytes: head + tail, tier: expected.tier };
      });
    });
}

/** As llhttp's own test/md-test.ts reads them. */
function llhttpVectors(folder: string): Vector[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => {
      const blocks = readFileSync(join(folder, file), 'utf8').matchAll(/^```http\n([\s\S]*?)^```/gm);
      return [...blocks].map(([, text = ''], at) => {
        const bytes = text
          .replace(/\n$/, '')
          .replace(/\\\n/g, '')
          .replace(/\n/g, '\r\n')
          .replace(/\\r/g, '\r')
          .replace(/\\n/g, '\n')
          .replace(/\\t/g, '\t')
          .replace(/\\f/g, '\f')
          .replace(/\\x([0-9a-f]+)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
          .replace(/\\([0-7]{1,3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
        // A head without an end may still come to one; the gateway waits for it.
        const end = bytes.includes('\r\n\r\n') ? '' : '\r\n\r\n';
        return { name: `${file} ${at + 1}`, bytes: withHost(bytes) + end };
      });
    });
}

const guardian = values.guardian === undefined ? [] : guardianVectors(values.guardian);
const severe = new Set<Vector>(guardian.filter(({ tier }) => tier === 'Severe'));
const waiting: Vector[] = [...guardian, ...(values.llhttp === undefined ? [] : llhttpVectors(values.llhttp))];
const total = waiting.length;
if (total === 0) {
  // A run that tried nothing must not look like one that found nothing.
  process.stderr.write(
    'There is no vector to send. Usage: npm run vectors -- --guardian http-desync-guardian/tests --llhttp llhttp/test/request\n',
  );
  process.exit(2);
}
let failed = 0;
let refused = 0;
async function work(): Promise<void> {
  for (let vector = waiting.pop(); vector !== undefined; vector = waiting.pop()) {
    try {
      await sendInBothSettings(vector.bytes);
      if (!severe.has(vector)) continue;
      const { statuses } = await sendVector(vector.bytes, 'all');
      if ((statuses[0] ?? 0) >= 400) refused += 1;
      else process.stdout.write(`severe, forwarded plainly: ${vector.name}\n`);
    } catch (error) {
      failed += 1;
      process.stdout.write(`${vector.name}: ${JSON.stringify(vector.bytes.slice(0, 200))}\n${error}\n`);
    }
  }
}
await Promise.all(Array.from({ length: atOnce }, work));
process.stdout.write(
  `${total} vectors, ${failed} failed; of ${severe.size} severe ones ${refused} are refused\n`,
);
process.exitCode = failed > 0 || total === 0 ? 1 : 0;
