// Reads and runs one golden case: containers as YAML, a divider, the provider configuration that they make as YAML.
// Secret options are shown as <redacted>, as everywhere.
import { parse, stringify } from 'yaml';
import { tableBy } from '../../src/lib/sorted-table.ts';
import type { ContainerRecord, ContainerState } from '../../src/model/container.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { fieldInfo } from '../../src/model/fields.ts';
import { type MiddlewareOptions, middlewareSchemas } from '../../src/model/middlewares/catalog.ts';
import type { ProviderConfig, WithReplicas } from '../../src/model/provider-config.ts';
import { mergeDeclarations } from '../../src/rules/declare/merge-declarations.ts';
import { compileConstraints } from '../../src/rules/labels/compile-constraints.ts';
import { compileDefaultRule } from '../../src/rules/labels/compile-default-rule.ts';
import { containerToDeclarations } from '../../src/rules/labels/container-to-declarations.ts';
import type { LabelOptions } from '../../src/rules/labels/label-options.ts';

export const divider = '\n----\n';

/** What a case may say of a container; the rest is a running container with one address and no port. */
export type WrittenContainer = Partial<
  Pick<ContainerRecord, 'id' | 'created' | 'health' | 'stopping' | 'networkMode' | 'portBindings'>
> & {
  readonly state?: ContainerState;
  readonly labels?: readonly string[] | Readonly<Record<string, string>>;
  readonly expose?: readonly (number | string)[];
  /** Address by network. */
  readonly networks?: Readonly<Record<string, string>>;
};

export type GoldenCase = {
  readonly options?: {
    readonly exposedByDefault?: boolean;
    readonly defaultRule?: string;
    readonly constraints?: string;
    readonly network?: string;
    readonly useBindPortIP?: boolean;
    readonly gatewayNetworks?: readonly string[];
  };
  readonly containers: Readonly<Record<string, WrittenContainer | null>>;
};

/** The options of a provider named docker, with Traefik's defaults for those not given. */
export function labelOptions(options: GoldenCase['options'] = {}): LabelOptions {
  return {
    provider: 'docker',
    exposedByDefault: options.exposedByDefault ?? true,
    defaultRule: compileDefaultRule(options.defaultRule ?? 'Host(`{{ normalize .Name }}`)', 'docker'),
    constraints: compileConstraints(options.constraints ?? '', 'docker'),
    network: options.network ?? '',
    useBindPortIP: options.useBindPortIP ?? false,
    gatewayNetworks: options.gatewayNetworks && new Set(options.gatewayNetworks),
  };
}

/** A container record out of what a case says; `position` makes id and address. */
export function containerRecord(
  name: string,
  position: number,
  written: WrittenContainer = {},
): ContainerRecord {
  const { labels = {}, expose = [], networks = { default: `10.0.0.${position}` }, ...given } = written;
  return {
    id: String(position).padStart(2, '0').repeat(32),
    name,
    image: 'image',
    labels: Array.isArray(labels)
      ? Object.fromEntries(labels.map(toPair))
      : (labels as Record<string, string>),
    state: 'running',
    health: 'none',
    stopping: false,
    since: 0,
    created: position,
    networkMode: 'bridge',
    networks: Object.entries(networks).map(([network, address]) => ({
      name: network,
      id: network,
      ipv4: address.includes(':') ? '' : address,
      ipv6: address.includes(':') ? address : '',
    })),
    exposedPorts: expose.map((port) => ({
      port: Number.parseInt(String(port), 10),
      protocol: String(port).endsWith('/udp') ? 'udp' : 'tcp',
    })),
    portBindings: [],
    ...given,
  };
}

function toPair(label: string): [string, string] {
  const at = label.indexOf('=');
  return at < 0 ? [label, ''] : [label.slice(0, at), label.slice(at + 1)];
}

/** Runs the containers of a case. */
export function runCase({ options, containers }: GoldenCase): ProviderConfig {
  const compiled = labelOptions(options);
  const records = Object.entries(containers).map(([name, written], at) =>
    containerRecord(name, at + 1, written ?? {}),
  );
  const config = mergeDeclarations(
    'docker',
    tableBy(
      records.map((record) => containerToDeclarations(record, compiled)),
      ({ declarer }) => declarer.id,
    ),
  );
  return {
    ...config,
    diagnostics: [...compiled.defaultRule.faults, ...compiled.constraints.faults, ...config.diagnostics],
  };
}

/** The text of a golden file's input with the configuration that it makes now. */
export function renderCase(text: string): string {
  const [input = ''] = text.split(divider);
  const config = runCase(parse(input, { merge: true }) as GoldenCase);
  const shown = {
    routers: table(config.routers, ({ options }) => options),
    services: table(config.services, showService),
    tcpRouters: table(config.tcpRouters, ({ options }) => options),
    tcpServices: table(config.tcpServices, showService),
    udpRouters: table(config.udpRouters, ({ options }) => options),
    udpServices: table(config.udpServices, showService),
    middlewares: table(config.middlewares, ({ options }) => redacted(options)),
    tcpMiddlewares: table(config.tcpMiddlewares, ({ options: { kind, options } }) => ({ [kind]: options })),
    diagnostics: config.diagnostics.map(line),
  };
  const filled = Object.fromEntries(Object.entries(shown).filter(([, part]) => Object.keys(part).length > 0));
  return `${input.trimEnd()}${divider}${stringify(filled, { lineWidth: 0 })}`;
}

function showService({ options, replicas }: WithReplicas<object>): object {
  return {
    ...options,
    replicas: replicas.map(({ container, since: _, preservePath, weight, ...replica }) => ({
      ...replica,
      ...(preservePath ? { preservePath } : {}),
      ...(weight === 1 ? {} : { weight }),
      container: container?.name,
    })),
  };
}

type Named = { readonly origins: readonly string[]; readonly faults: readonly Diagnostic[] };

function table<T extends Named>(objects: ReadonlyMap<string, T>, show: (object: T) => object) {
  const names = [...objects.keys()].sort();
  return Object.fromEntries(
    names.flatMap((name) => {
      const object = objects.get(name);
      if (object === undefined) return [];
      const { faults, origins } = object;
      return [
        [name, { ...show(object), origins, ...(faults.length > 0 ? { faults: faults.map(line) } : {}) }],
      ];
    }),
  );
}

function redacted({ kind, options }: MiddlewareOptions): Record<string, unknown> {
  const properties = middlewareSchemas[kind].properties as Record<string, Parameters<typeof fieldInfo>[0]>;
  const shown = Object.entries(options).map(([key, value]) => {
    const schema = properties[key];
    return [key, schema !== undefined && fieldInfo(schema).secret === true ? '<redacted>' : value];
  });
  return { [kind]: Object.fromEntries(shown) };
}

function line({
  severity,
  code,
  object,
  container,
  label,
  position,
  message,
  hint,
  fix,
}: Diagnostic): object {
  return {
    [`${severity} ${code}`]: `${object.kind} ${object.name}${container === undefined || container === object.name ? '' : `, container ${container}`}`,
    ...(label === undefined ? {} : { label }),
    ...(position === undefined ? {} : { position }),
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(fix === undefined ? {} : { fix }),
  };
}
