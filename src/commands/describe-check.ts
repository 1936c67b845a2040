// The result of `check` for people. Pure.
import type { Diagnostic, Severity } from '../model/diagnostic.ts';
import type { DynamicConfig, ObjectStatus } from '../model/dynamic-config.ts';
import { internalProvider } from '../model/internal-service.ts';

/** What was checked, under its name. */
export type Checked = {
  readonly source: string;
  readonly config: DynamicConfig;
  /** What could not be read at all. */
  readonly faults: readonly string[];
};

const severities: readonly Severity[] = ['error', 'warning', 'info'];

/** What was found in one file or Engine: what works, then every diagnostic, worst first, then the count. */
export function describeCheck({ source, config, faults }: Checked): string {
  const lines = [
    `${source}: ${count(declared(config.routers), 'router')}, ${count(declared(config.services), 'service')}, ${count(declared(config.middlewares), 'middleware')}`,
  ];
  for (const fault of faults) lines.push(`  cannot be read: ${fault}`);
  if (config.tcpRouters.size + config.tcpServices.size > 0) {
    lines[0] += `, ${count(config.tcpRouters.size, 'TCP router')}, ${count(config.tcpServices.size, 'TCP service')}`;
  }
  if (config.udpRouters.size + config.udpServices.size > 0) {
    lines[0] += `, ${count(config.udpRouters.size, 'UDP router')}, ${count(config.udpServices.size, 'UDP service')}`;
  }
  for (const router of [...config.routers.values(), ...config.tcpRouters.values()]) {
    lines.push(`  ${markOf(router)} ${router.name}  ${router.rule}  → ${router.service}`);
  }
  for (const router of config.udpRouters.values()) {
    lines.push(`  ${markOf(router)} ${router.name}  UDP  → ${router.service}`);
  }
  const found = describeDiagnostics(config.diagnostics);
  const rest = found !== '' ? found : faults.length === 0 ? '\nNothing to mend.\n' : '\n\n';
  return `${lines.join('\n')}\n${rest}`;
}

/** Every diagnostic, worst first, then the count; empty where there is none. */
export function describeDiagnostics(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return '';
  const found = severities.map((severity) => diagnostics.filter((one) => one.severity === severity));
  const summary = found.flatMap(({ length }, at) =>
    length === 0 ? [] : [count(length, severities[at] ?? '')],
  );
  const lines = found.flat().flatMap((diagnostic) => ['', ...describe(diagnostic)]);
  return `${[...lines, '', summary.join(', ')].join('\n')}\n`;
}

function markOf({ status }: { readonly status: ObjectStatus }): string {
  return status === 'disabled' ? '✖' : status === 'warning' ? '!' : '✔';
}

function describe({
  severity,
  object,
  container,
  label,
  place,
  position,
  message,
  hint,
}: Diagnostic): readonly string[] {
  const line = place && `${place.file}:${place.line}:${place.column}`;
  const where = [line, container, label].filter((part) => part !== undefined).join('  ');
  return [
    `${severity}  ${where || `${object.kind} ${object.name}`}`,
    `    ${message}${position === undefined ? '' : ` (at character ${position + 1})`}`,
    ...(hint === undefined ? [] : [`    → ${hint}`]),
  ];
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** How many are somebody's own: what the gateway adds itself is no news. */
function declared(table: ReadonlyMap<string, { readonly provider: string }>): number {
  return [...table.values()].filter(({ provider }) => provider !== internalProvider).length;
}
