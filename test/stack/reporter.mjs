// A reporter for node:test: one line a file, failures in full, and the totals as JSON in the file named by BERTH_TOTALS
// (the runner sums them over its stages).
import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';

/** Prints for people. @param source events of node:test */
export default async function* report(source) {
  const files = new Map();
  const of = (file) => {
    const name = relative(process.cwd(), file ?? 'tests');
    const entry = files.get(name) ?? { passed: 0, failed: 0, skipped: 0, ms: 0 };
    files.set(name, entry);
    return entry;
  };
  for await (const { type, data } of source) {
    if (type === 'test:pass' || type === 'test:fail') {
      // A suite or a test with subtests reports those one by one.
      if (data.details?.type === 'suite') continue;
      const entry = of(data.file);
      entry.ms += data.details?.duration_ms ?? 0;
      if (data.skip !== undefined) entry.skipped += 1;
      else if (type === 'test:pass') entry.passed += 1;
      else {
        entry.failed += 1;
        yield `\n✖ ${relative(process.cwd(), data.file ?? '')}: ${data.name}\n${describe(data.details?.error)}\n\n`;
      }
    } else if (type === 'test:stderr') {
      yield data.message;
    }
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, { passed, failed, skipped, ms }] of files) {
    yield `${failed > 0 ? '✖' : '✔'} ${name}: ${passed} passed${failed > 0 ? `, ${failed} failed` : ''}${skipped > 0 ? `, ${skipped} skipped` : ''} (${(ms / 1000).toFixed(1)} s)\n`;
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  if (process.env.BERTH_TOTALS) appendFileSync(process.env.BERTH_TOTALS, `${JSON.stringify(total)}\n`);
}

function describe(error) {
  const cause = error?.cause ?? error;
  const text = cause?.stack ?? cause?.message ?? String(cause);
  const deeper =
    cause?.cause === undefined ? '' : `\n  because: ${cause.cause?.stack ?? String(cause.cause)}`;
  return (text + deeper).replace(/^/gm, '  ');
}
