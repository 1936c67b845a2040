// `check`: reads the labels of compose files, or of what runs now, exactly as the gateway would, and says what is wrong.
import { basename, dirname, resolve as resolvePath } from 'node:path';
import { createContainerDeclarer } from '../control-plane/providers/docker/declare-containers.ts';
import { listContainersOnce } from '../control-plane/providers/docker/list-containers-once.ts';
import { tableBy } from '../lib/sorted-table.ts';
import type { ContainerRecord } from '../model/container.ts';
import { type DynamicConfig, emptyDynamicConfig } from '../model/dynamic-config.ts';
import type { Declared } from '../model/provider-config.ts';
import type { StartupConfig } from '../model/startup.ts';
import { resolve } from '../rules/resolve/resolve.ts';
import { loadStartup } from '../rules/startup/load-startup.ts';
import { parseArguments } from '../rules/startup/parse-arguments.ts';
import { resolveDocker } from '../rules/startup/resolve-docker.ts';
import { type ComposeService, readComposeFile } from './compose-file.ts';
import { type Checked, describeCheck } from './describe-check.ts';
import type { Terminal } from './terminal.ts';

/** What is checked, and how it is shown. */
export type CheckOptions = {
  /** Compose files. Empty: the usual names in the working directory, unless `docker` is set. */
  readonly files: readonly string[];
  readonly docker: boolean;
  readonly json: boolean;
  /** Compose project name; empty for the folder's. */
  readonly project: string;
  /** Nobody said which entry points the gateway has: those that the labels name are taken to exist. */
  readonly isWithoutEntryPoints: boolean;
};

const usualFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** @returns 0 when there is no error, 1 when there is one, 2 when something could not be read. */
export async function check(
  options: CheckOptions,
  startup: StartupConfig,
  terminal: Terminal,
): Promise<number> {
  const checked: Checked[] = [];
  try {
    if (options.docker) {
      const docker = startup.docker ?? resolveDocker({});
      const records = await listContainersOnce(docker);
      checked.push({
        source: docker.endpoint,
        config: configOf(records, { startup, isWithoutEntryPoints: options.isWithoutEntryPoints }),
        faults: [],
      });
    }
    for (const path of options.docker ? options.files : composeFiles(options.files, terminal)) {
      checked.push(checkFile(path, options, startup, terminal));
    }
  } catch (error) {
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const diagnostics = checked.flatMap(({ config }) => config.diagnostics);
  const unreadable = checked.flatMap(({ faults }) => faults);
  terminal.out(
    options.json
      ? `${JSON.stringify({ diagnostics, faults: unreadable }, null, 2)}\n`
      : checked.map(describeCheck).join('\n'),
  );
  if (unreadable.length > 0) return 2;
  return diagnostics.some(({ severity }) => severity === 'error') ? 1 : 0;
}

function composeFiles(files: readonly string[], terminal: Terminal): readonly string[] {
  if (files.length > 0) return files;
  const found = usualFiles.find((name) => terminal.readFile(name) !== undefined);
  if (found !== undefined) return [found];
  throw new Error(`There is no ${usualFiles.join(', ')} here. Name a compose file, or use --docker.`);
}

function checkFile(path: string, options: CheckOptions, startup: StartupConfig, terminal: Terminal): Checked {
  const text = terminal.readFile(path);
  if (text === undefined) throw new Error(`There is no file ${path}.`);
  const name = options.project === '' ? projectName(path) : options.project;
  const { services, faults } = readComposeFile(text, name, terminal.environment);
  const gateway = services.find(({ mountsSocket }) => mountsSocket);
  const assumed: Settings = { startup, isWithoutEntryPoints: options.isWithoutEntryPoints };
  const { settings, errors } =
    gateway === undefined ? { settings: assumed, errors: [] } : settingsOf(gateway, assumed, terminal);
  const records = services.map(({ record }) => record);
  const config = configOf(records, settings, gateway === undefined ? [] : [gateway.record.id]);
  return { source: path, config: withoutImageDoubts(config), faults: [...faults, ...errors] };
}

type Settings = Pick<CheckOptions, 'isWithoutEntryPoints'> & { readonly startup: StartupConfig };

/** The gateway's own flags stand in the file: what they say of entry points and exposure decides about the labels. */
function settingsOf(
  gateway: ComposeService,
  assumed: Settings,
  terminal: Terminal,
): { readonly settings: Settings; readonly errors: readonly string[] } {
  const { entries } = parseArguments(gateway.command, {});
  if (entries.length === 0) return { settings: assumed, errors: [] };
  const loaded = loadStartup({ flags: entries, environment: {}, configFile: '', readFile: () => undefined });
  const { config: startup, isWithoutEntryPoints, faults } = loaded;
  for (const { severity, source, message, hint = '' } of faults) {
    terminal.err(`${severity}: ${gateway.record.name}: command ${source}: ${message} ${hint}\n`);
  }
  const errors = faults.filter(({ severity }) => severity === 'error');
  return {
    settings: { startup, isWithoutEntryPoints },
    errors: errors.map(({ source, message }) => `${gateway.record.name}: ${source}: ${message}`),
  };
}

function configOf(
  records: readonly ContainerRecord[],
  { startup, isWithoutEntryPoints }: Settings,
  ownIds: readonly string[] = [],
): DynamicConfig {
  const docker = startup.docker ?? resolveDocker({});
  const byId = tableBy(records, ({ id }) => id);
  const declared = createContainerDeclarer(docker)(byId, { ownIds, hostAddress: '127.0.0.1' });
  const namedBy = (routers: Iterable<Declared<{ readonly entryPoints?: readonly string[] }>>) => [
    ...new Set([...routers].flatMap(({ options }) => options.entryPoints ?? [])),
  ];
  const assumed = namedBy([...declared.routers.values(), ...declared.tcpRouters.values()]).map((name) => ({
    name,
    asDefault: false,
  }));
  return resolve({
    providers: [declared],
    entryPoints: isWithoutEntryPoints && assumed.length > 0 ? assumed : startup.entryPoints,
    udpEntryPoints: isWithoutEntryPoints
      ? namedBy(declared.udpRouters.values())
      : startup.udpEntryPoints.map(({ name }) => name),
    defaultRuleSyntax: startup.defaultRuleSyntax,
    previous: emptyDynamicConfig,
  });
}

/** A file does not say which ports an image exposes, so a missing one is a doubt and not a fault. */
function withoutImageDoubts(config: DynamicConfig): DynamicConfig {
  const diagnostics = config.diagnostics.map((found) =>
    found.code === 'missing-port'
      ? {
          ...found,
          severity: 'warning' as const,
          message: `${found.message} (Unless its image has EXPOSE, which a file does not show.)`,
        }
      : found,
  );
  return { ...config, diagnostics };
}

/** As compose derives it: the folder's name, lower case, of letters, digits, - and _. */
function projectName(path: string): string {
  const folder = basename(dirname(resolvePath(path))).toLowerCase();
  return folder.replace(/[^a-z0-9_-]/g, '').replace(/^[_-]+/, '') || 'project';
}
