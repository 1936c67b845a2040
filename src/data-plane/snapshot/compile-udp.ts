// The UDP routers of a configuration → the one that takes the datagrams of each entry point.
import type { DynamicConfig, UdpRouter } from '../../model/dynamic-config.ts';
import { udpName } from '../../model/udp.ts';
import { orderOf } from '../../rules/routing/router-order.ts';
import type { CompiledUdpRouter } from '../exchange/snapshot.ts';
import type { LiveState } from '../live-state/create-live-state.ts';

/** Makes a compiler that gives the same table as long as no router changes. */
export function createUdpCompiler(
  live: Pick<LiveState, 'service'>,
): (config: Pick<DynamicConfig, 'udpRouters'>) => ReadonlyMap<string, CompiledUdpRouter> {
  let last: DynamicConfig['udpRouters'] | undefined;
  let table: ReadonlyMap<string, CompiledUdpRouter> = new Map();
  return ({ udpRouters }) => {
    if (udpRouters === last) return table;
    last = udpRouters;
    table = compileTable([...udpRouters.values()], live);
    return table;
  };
}

/** Of several routers on one entry point the first by name, as in Traefik. */
function compileTable(routers: readonly UdpRouter[], live: Pick<LiveState, 'service'>) {
  const table = new Map<string, CompiledUdpRouter>();
  const serving = routers
    .filter(({ status }) => status !== 'disabled')
    .sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
  for (const { name, service, entryPoints } of serving) {
    const router = { name, serviceName: service, service: () => live.service(udpName(service)) };
    for (const entryPoint of entryPoints) if (!table.has(entryPoint)) table.set(entryPoint, router);
  }
  return table;
}
