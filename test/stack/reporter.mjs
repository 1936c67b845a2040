// A reporter for node:test: one line a file as soon as it is through, failures in full, and the totals so far as JSON in
// the file named by BERTH_TOTALS, so that a run which is cut off still counts.
import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';

/** What a failing file printed last is shown with it. */
const linesKept = 40;
/** More of a failure stands in the log of its stage. */
const linesOfFailure = 60;

/** Prints for people. @param source events of node:test */
export default async function* report(source) {
  const files = new Map();
  // What a file prints may come after its end; then it is shown at once if the file failed.
  const ended = new Map();
  const total = { passed: 0, failed: 0, skipped: 0 };
  const entryOf = (file) => {
    const entry = files.get(file) ?? { passed: 0, failed: 0, skipped: 0, printed: [] };
    files.set(file, entry);
    return entry;
  };

  function finish(file, ms) {
    const { passed, failed, skipped, printed } = entryOf(file);
    files.delete(file);
    ended.set(file, { failed: failed > 0 });
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    if (process.env.BERTH_TOTALS) writeFileSync(process.env.BERTH_TOTALS, JSON.stringify(total));
    const counts = [
      `${passed} passed`,
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ].join(', ');
    const line = `${failed > 0 ? '✖' : '✔'} ${nameOf(file)}: ${counts} (${(ms / 1000).toFixed(1)} s)\n`;
    if (failed === 0 || printed.length === 0) return line;
    return `${line}${quote(printed.join('').trimEnd().split('\n').slice(-linesKept).join('\n'))}`;
  }

  for await (const { type, data } of source) {
    // Output comes with the path as it was given, results with the whole one.
    const file = resolve(data.file ?? 'tests');
    if (type === 'test:stdout' || type === 'test:stderr') {
      if (!ended.has(file)) entryOf(file).printed.push(data.message);
      else if (ended.get(file).failed) yield quote(data.message.trimEnd());
    } else if (type === 'test:summary' && data.file !== undefined) yield finish(file, data.duration_ms);
    else if (type === 'test:pass' || type === 'test:fail') {
      // A suite reports its tests one by one.
      if (data.details?.type === 'suite') continue;
      const entry = entryOf(file);
      if (isFile(data)) {
        // Node reports a file in place of tests when it has none, or when it ended before it came to one.
        entry.failed += 1;
        const reason = type === 'test:pass' ? 'there is no test in it' : 'it ended by itself';
        yield `\n✖ ${nameOf(file)}: ${reason}\n`;
        yield finish(file, data.details?.duration_ms ?? 0);
      } else if (data.skip !== undefined || data.todo !== undefined) entry.skipped += 1;
      else if (type === 'test:pass') entry.passed += 1;
      else {
        entry.failed += 1;
        yield `\n✖ ${nameOf(file)}: ${data.name}\n${describe(data.details?.error)}\n\n`;
      }
    }
  }
  for (const file of [...files.keys()]) yield finish(file, 0);
}

const quote = (text) => `${text.replace(/^/gm, '  | ')}\n`;

const nameOf = (file) => relative(process.cwd(), file);

const isFile = ({ name, nesting, file }) => nesting === 0 && file !== undefined && resolve(name) === file;

function describe(error) {
  const cause = error?.cause ?? error;
  const text = cause?.stack ?? cause?.message ?? String(cause);
  const deeper = cause?.cause === undefined ? '' : `\nbecause: ${cause.cause?.stack ?? String(cause.cause)}`;
  const lines = (text + deeper).split('\n');
  const cut = lines.length - linesOfFailure;
  const shown = cut <= 1 ? lines : [...lines.slice(0, linesOfFailure), `… and ${cut} more lines`];
  return shown.map((line) => `  ${line}`).join('\n');
}
