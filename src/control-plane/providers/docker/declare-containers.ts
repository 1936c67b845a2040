// Records → what the provider declares. A record that did not change is not read again, so that one event among ten
// thousand containers costs one container.
import { diffTables, type SortedTable, sortedTable, withChanges } from '../../../lib/sorted-table.ts';
import type { ContainerRecord } from '../../../model/container.ts';
import type { ProviderConfig } from '../../../model/provider-config.ts';
import type { DockerProvider } from '../../../model/startup.ts';
import type { Declarations } from '../../../rules/declare/declarations.ts';
import { mergeDeclarations } from '../../../rules/declare/merge-declarations.ts';
import { compileConstraints } from '../../../rules/labels/compile-constraints.ts';
import { compileDefaultRule } from '../../../rules/labels/compile-default-rule.ts';
import { containerToDeclarations } from '../../../rules/labels/container-to-declarations.ts';
import type { LabelOptions } from '../../../rules/labels/label-options.ts';
import { loopback } from './own-container.ts';
import { createReachableRecords } from './reachable-records.ts';

/** Stands behind the @ of names. */
export const providerName = 'docker';

type GatewayNetworks = LabelOptions['gatewayNetworks'];

/** Records by id. */
export type ContainerDeclarer = (
  records: SortedTable<ContainerRecord>,
  surroundings: Surroundings,
) => ProviderConfig;

/** Where the gateway itself runs. */
export type Surroundings = {
  /** Ids, or their beginnings, that the gateway's own container may have. */
  readonly ownIds: readonly string[];
  /** Where containers in host mode are reached. */
  readonly hostAddress: string;
};

/** Creates the function with its memory: unchanged objects keep their identity from one result to the next. */
export function createContainerDeclarer(options: DockerProvider): ContainerDeclarer {
  const defaultRule = compileDefaultRule(options.defaultRule, providerName);
  const constraints = compileConstraints(options.constraints, providerName);
  const optionFaults = [...defaultRule.faults, ...constraints.faults];
  const reachable = createReachableRecords();
  const toLabelOptions = (gatewayNetworks: GatewayNetworks, hostAddress: string): LabelOptions => ({
    provider: providerName,
    exposedByDefault: options.exposedByDefault,
    defaultRule,
    constraints,
    network: options.network,
    useBindPortIP: options.useBindPortIP,
    gatewayNetworks,
    hostAddress: gatewayNetworks === undefined ? loopback : hostAddress,
  });
  let labelOptions = toLabelOptions(undefined, loopback);
  let read: SortedTable<ContainerRecord> = sortedTable();
  /** What the records of `read` declare. */
  let declarations: SortedTable<Declarations> = sortedTable();
  let merged: ProviderConfig | undefined;
  let result: ProviderConfig | undefined;

  return (records, { ownIds, hostAddress }) => {
    const all = reachable(records);
    const next = toLabelOptions(networksOfOwn(all, ownIds), hostAddress);
    if (!sameSurroundings(next, labelOptions)) {
      labelOptions = next;
      read = sortedTable();
      declarations = sortedTable();
    }
    const { set, removed } = diffTables(read, all);
    read = all;
    declarations = withChanges(declarations, [
      ...set.map(([id, record]) => [id, containerToDeclarations(record, labelOptions)] as const),
      ...removed.map((id) => [id, undefined] as const),
    ]);
    const before = merged;
    merged = mergeDeclarations(providerName, declarations, before);
    if (result === undefined || merged !== before) {
      const diagnostics = [...optionFaults, ...merged.diagnostics];
      result = optionFaults.length === 0 ? merged : { ...merged, diagnostics };
    }
    return result;
  };
}

/** The networks of the gateway's own container; undefined when it runs on the host and so reaches all of them. */
function networksOfOwn(records: SortedTable<ContainerRecord>, ownIds: readonly string[]): GatewayNetworks {
  for (const ownId of ownIds) {
    const id = records.nextKey(ownId);
    const own = id?.startsWith(ownId) ? records.get(id) : undefined;
    if (own !== undefined) {
      return own.networkMode === 'host' ? undefined : new Set(own.networks.map(({ name }) => name));
    }
  }
  return undefined;
}

function sameSurroundings(one: LabelOptions, other: LabelOptions): boolean {
  if (one.hostAddress !== other.hostAddress) return false;
  const [ours, theirs] = [one.gatewayNetworks, other.gatewayNetworks];
  if (ours === undefined || theirs === undefined) return ours === theirs;
  return ours.size === theirs.size && ours.isSubsetOf(theirs);
}
