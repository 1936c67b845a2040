// Gathers the start-up configuration from its three sources and checks it. Flags win over variables, variables over the
// file. (Traefik reads only one of the three and ignores the others in silence.) Pure but for the injected reader.
import type { Decoded, DecodeFault } from '../../lib/decode-fault.ts';
import { decodeFlat, type FlatEntry } from '../../lib/decode-flat.ts';
import { decodeTree } from '../../lib/decode-tree.ts';
import { formatOf, parseTextTree } from '../../lib/text-tree/parse-text-tree.ts';
import type { StartupConfig } from '../../model/startup.ts';
import type { StartupOptions } from '../../model/startup-config.ts';
import { startupFields } from './option-tree.ts';
import { parseEnvironment } from './parse-environment.ts';
import { resolveStartup } from './resolve-startup.ts';
import type { StartupFault } from './startup-fault.ts';

/** Where a configuration file is looked for when none is named; the first that exists is read. */
const places = ['.', '/etc/berth', '/etc/traefik'].flatMap((folder) =>
  ['berth', 'traefik'].flatMap((name) =>
    ['yml', 'yaml', 'toml'].map((ending) => `${folder}/${name}.${ending}`),
  ),
);

/** Where options come from. */
export type StartupSources = {
  readonly flags: readonly FlatEntry[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The file named by --configFile; empty to look in the usual places. */
  readonly configFile: string;
  /** The text of a file; undefined when there is none. */
  readFile(path: string): string | undefined;
};

/** What came of all sources together. */
export type LoadedStartup = {
  readonly config: StartupConfig;
  /** No source names an entry point, so the one of `config` is only the default. */
  readonly isWithoutEntryPoints: boolean;
  /** With an error among them the gateway must not start. */
  readonly faults: readonly StartupFault[];
};

/** Reads, merges and checks all sources. Reports every fault it can find in one go. */
export function loadStartup(sources: StartupSources): LoadedStartup {
  const faults: StartupFault[] = [];
  const file = readConfigFile(sources, faults);
  const flagOptions = {
    mode: 'strict',
    repeatedLists: 'join',
    spell: (path: readonly string[]) => `--${path.join('.')}`,
  } as const;
  const flags = decodeFlat(sources.flags, startupFields, flagOptions);
  const variables = decodeFlat(parseEnvironment(sources.environment), startupFields, {
    mode: 'strict',
    spell: (path) => `BERTH_${path.join('_').toUpperCase()}`,
  });
  faults.push(
    ...(file === undefined
      ? []
      : file.decoded.faults.map((fault) => ({
          ...toStartupFault(fault),
          source: `${file.path}: ${fault.source}`,
        }))),
    // Orchestrators put variables of their own into an environment (TRAEFIK_SERVICE_HOST …): an unknown one is no error.
    ...variables.faults.map((fault) =>
      toStartupFault(fault.code === 'unknown-key' ? { ...fault, severity: 'warning' } : fault),
    ),
    ...flags.faults.map(toStartupFault),
  );
  const options = [file?.decoded, variables, flags]
    .map((decoded) => decoded?.value as StartupOptions | undefined)
    .reduce<StartupOptions>((below, above) => mergeDeep(below, above ?? {}), {});
  const resolved = resolveStartup(options);
  faults.push(...resolved.faults);
  return {
    config: resolved.config,
    isWithoutEntryPoints: Object.keys(options.entryPoints ?? {}).length === 0,
    faults,
  };
}

function toStartupFault({ severity, source, message, hint }: DecodeFault): StartupFault {
  return { severity, source, message, ...(hint === undefined ? {} : { hint }) };
}

type ReadFile = { readonly path: string; readonly decoded: Decoded };

function readConfigFile(
  { configFile, readFile }: StartupSources,
  faults: StartupFault[],
): ReadFile | undefined {
  for (const path of configFile === '' ? places : [configFile]) {
    let text: string | undefined;
    try {
      text = readFile(path);
    } catch (error) {
      faults.push(unreadable(path, error instanceof Error ? error.message : String(error)));
      return undefined;
    }
    if (text === undefined) continue;
    const tree = parseTextTree(text, formatOf(path) ?? 'yaml');
    if (tree.ok) return { path, decoded: decodeTree(tree.value, startupFields, [], { mode: 'strict' }) };
    faults.push(unreadable(path, `line ${tree.line}, column ${tree.column}: ${tree.message}`));
    return undefined;
  }
  if (configFile !== '') {
    faults.push({
      severity: 'error',
      source: '--configFile',
      message: `There is no file ${configFile}.`,
      hint: 'Check the path; it is relative to the working directory.',
    });
  }
  return undefined;
}

function unreadable(path: string, reason: string): StartupFault {
  return {
    severity: 'error',
    source: path,
    message: `The file cannot be read: ${reason}`,
    hint: 'Mend the file, or name another one with --configFile.',
  };
}

/** Objects are merged key by key; anything else of `above` replaces what is below. */
function mergeDeep<T>(below: T, above: T): T {
  if (!isPlainObject(below) || !isPlainObject(above)) return above;
  // Without a prototype, an entry point named __proto__ is a key like any other.
  const merged: Record<string, unknown> = Object.assign(Object.create(null), below);
  for (const [key, value] of Object.entries(above)) {
    merged[key] = Object.hasOwn(merged, key) ? mergeDeep(merged[key], value) : value;
  }
  return merged as T;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
