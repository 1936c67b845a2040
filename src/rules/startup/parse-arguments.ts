// Command line → command, operands and option entries. Traefik's flags: --a.b.c=value, --a.b.c value, and a bare
// --a.b.c for switches; one dash works like two; names in any case. Pure.
import { appendTo } from '../../lib/append-to.ts';
import type { FlatEntry } from '../../lib/decode-flat.ts';
import { findOption } from './option-tree.ts';

/** A command line in its parts. */
export type Arguments = {
  /** The first operand, or `run`. */
  readonly command: string;
  readonly operands: readonly string[];
  readonly help: boolean;
  /** Flags that belong to the command and not to the gateway (--json, --docker …), with their values in order. */
  readonly commandFlags: ReadonlyMap<string, readonly string[]>;
  readonly entries: readonly FlatEntry[];
};

/**
 * Reads `argv` (without node and script).
 * @param commandFlags flags of the commands, in lower case; a value follows where the entry says so.
 */
export function parseArguments(
  argv: readonly string[],
  commandFlags: Readonly<Record<string, 'switch' | 'value'>>,
): Arguments {
  const operands: string[] = [];
  const entries: FlatEntry[] = [];
  const flags = new Map<string, string[]>();
  let help = false;
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    if (!argument.startsWith('-') || argument === '-') {
      operands.push(argument);
      continue;
    }
    const written = argument.replace(/^--?/, '');
    const equals = written.indexOf('=');
    const name = equals < 0 ? written : written.slice(0, equals);
    const inline = equals < 0 ? undefined : written.slice(equals + 1);
    const lower = name.toLowerCase();
    const next = argv[index + 1];
    const takesNext = inline === undefined && next !== undefined && !next.startsWith('-');
    if (lower === 'help' || lower === 'h') {
      help = true;
    } else if (Object.hasOwn(commandFlags, lower)) {
      const consumes = commandFlags[lower] === 'value' && takesNext;
      appendTo(flags, lower, inline ?? (consumes ? (next ?? '') : 'true'));
      if (consumes) index += 1;
    } else {
      const path = name.split('.');
      const consumes = takesNext && needsValue(path);
      entries.push({ path, value: inline ?? (consumes ? (next ?? '') : 'true'), source: `--${name}` });
      if (consumes) index += 1;
    }
  }
  const [command = 'run', ...rest] = operands;
  return { command, operands: rest, help, commandFlags: flags, entries };
}

/** Switches and sections stand alone, as in Traefik; everything else takes the next argument. */
function needsValue(path: readonly string[]): boolean {
  const info = findOption(path);
  return info !== undefined && info.kind !== 'flag' && info.kind !== 'section' && info.kind !== 'section-map';
}
