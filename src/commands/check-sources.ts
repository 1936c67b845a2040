// What `check` looks at: the containers that compose files would create, or those that run, and the settings of the gateway
// that would read their labels.
import { basename, dirname, resolve as resolvePath } from 'node:path';
import { createContainerDeclarer } from '../control-plane/providers/docker/declare-containers.ts';
import { listContainersOnce } from '../control-plane/providers/docker/list-containers-once.ts';
import { tableBy } from '../lib/sorted-table.ts';
import type { ContainerRecord } from '../model/container.ts';
import { type DynamicConfig, emptyDynamicConfig } from '../model/dynamic-config.ts';
import { internalServices } from '../model/internal-service.ts';
import type { Declared } from '../model/provider-config.ts';
import type { StartupConfig } from '../model/startup.ts';
import type { Doors } from '../rules/explain/entry-points.ts';
import { toInternalConfig } from '../rules/resolve/internal-config.ts';
import { resolve } from '../rules/resolve/resolve.ts';
import { loadStartup } from '../rules/startup/load-startup.ts';
import { parseArguments } from '../rules/startup/parse-arguments.ts';
import { resolveDocker } from '../rules/startup/resolve-docker.ts';
import { type ComposeService, readComposeFile } from './compose-file.ts';
import type { Terminal } from './terminal.ts';

/** What a gateway would be started with. */
export type GatewaySetting = {
  readonly startup: StartupConfig;
  /** Nobody said which entry points the gateway has: those that the labels name are taken to exist. */
  readonly isWithoutEntryPoints: boolean;
};

/** Containers under one name, and the gateway that reads them. */
export type CheckSource = {
  readonly name: string;
  readonly records: readonly ContainerRecord[];
  readonly setting: GatewaySetting;
  /** Whether the gateway itself is among the containers. */
  readonly hasGateway: boolean;
  readonly ownIds: readonly string[];
  /** Published ports of the gateway: outside → inside. */
  readonly published: ReadonlyMap<number, number>;
  /** What could not be read, a sentence each. */
  readonly faults: readonly string[];
};

/** The containers of the Engine. Rejects when it does not answer. */
export async function readEngine(setting: GatewaySetting): Promise<CheckSource> {
  const docker = setting.startup.docker ?? resolveDocker({});
  const records = await listContainersOnce(docker);
  return {
    name: docker.endpoint,
    records,
    setting,
    hasGateway: false,
    ownIds: [],
    published: new Map(),
    faults: [],
  };
}

/** A compose file; `project` is empty for the folder's name. @throws Error when there is no such file. */
export function readFile(
  path: string,
  project: string,
  setting: GatewaySetting,
  terminal: Terminal,
): CheckSource {
  const text = terminal.readFile(path);
  if (text === undefined) throw new Error(`There is no file ${path}.`);
  const name = project === '' ? projectName(path) : project;
  const { services, faults } = readComposeFile(text, name, terminal.environment);
  const records = services.map(({ record }) => record);
  const gateway = services.find(({ mountsSocket }) => mountsSocket);
  if (gateway === undefined) {
    return { name: path, records, setting, hasGateway: false, ownIds: [], published: new Map(), faults };
  }
  const own = settingOf(gateway, setting, terminal);
  return {
    name: path,
    records,
    setting: own.setting,
    hasGateway: true,
    ownIds: [gateway.record.id],
    published: new Map(gateway.record.portBindings.map(({ hostPort, port }) => [hostPort, port])),
    faults: [...faults, ...own.errors],
  };
}

/** Several sources as the one Engine that a gateway would see; the setting is that of the file with the gateway. */
export function joinSources(sources: readonly CheckSource[], setting: GatewaySetting): CheckSource {
  const gateway = sources.find(({ hasGateway }) => hasGateway);
  return {
    name: sources.map(({ name }) => name).join(', '),
    records: sources.flatMap(({ records }) => records),
    setting: gateway?.setting ?? setting,
    hasGateway: gateway !== undefined,
    ownIds: sources.flatMap(({ ownIds }) => ownIds),
    published: gateway?.published ?? new Map(),
    faults: sources.flatMap(({ faults }) => faults),
  };
}

/** The gateway's own flags stand in the file: what they say of entry points and exposure decides about the labels. */
function settingOf(gateway: ComposeService, assumed: GatewaySetting, terminal: Terminal) {
  const { entries } = parseArguments(gateway.command, {});
  if (entries.length === 0) return { setting: assumed, errors: [] };
  const loaded = loadStartup({ flags: entries, environment: {}, configFile: '', readFile: () => undefined });
  const { config: startup, isWithoutEntryPoints, faults } = loaded;
  for (const { severity, source, message, hint = '' } of faults) {
    terminal.err(`${severity}: ${gateway.record.name}: command ${source}: ${message} ${hint}\n`);
  }
  const errors = faults.filter(({ severity }) => severity === 'error');
  return {
    setting: { startup, isWithoutEntryPoints },
    errors: errors.map(({ source, message }) => `${gateway.record.name}: ${source}: ${message}`),
  };
}

/** The configuration that the gateway would make of it, and where requests come in. */
export function resolveSource({ records, setting, ownIds, published }: CheckSource): {
  readonly config: DynamicConfig;
  readonly doors: Doors;
} {
  const { startup, isWithoutEntryPoints } = setting;
  const docker = startup.docker ?? resolveDocker({});
  const byId = tableBy(records, ({ id }) => id);
  const declared = createContainerDeclarer(docker)(byId, { ownIds, hostAddress: '127.0.0.1' });
  const assumed = namedBy([...declared.routers.values(), ...declared.tcpRouters.values()]).map((name) => ({
    name,
    asDefault: false,
  }));
  const entryPoints = isWithoutEntryPoints && assumed.length > 0 ? assumed : startup.entryPoints;
  // Who has said nothing of the gateway may have switched all of it on.
  const builtIn = toInternalConfig(startup, isWithoutEntryPoints ? internalServices : undefined);
  const config = resolve({
    providers: [builtIn, declared],
    entryPoints,
    udpEntryPoints: isWithoutEntryPoints
      ? namedBy(declared.udpRouters.values())
      : startup.udpEntryPoints.map(({ name }) => name),
    defaultRuleSyntax: startup.defaultRuleSyntax,
    precedence: startup.precedence,
    previous: emptyDynamicConfig,
  });
  return { config, doors: { entryPoints, published } };
}

function namedBy(
  routers: Iterable<Declared<{ readonly entryPoints?: readonly string[] }>>,
): readonly string[] {
  return [...new Set([...routers].flatMap(({ options }) => options.entryPoints ?? []))];
}

/** As compose derives it: the folder's name, lower case, of letters, digits, - and _. */
function projectName(path: string): string {
  const folder = basename(dirname(resolvePath(path))).toLowerCase();
  return folder.replace(/[^a-z0-9_-]/g, '').replace(/^[_-]+/, '') || 'project';
}
