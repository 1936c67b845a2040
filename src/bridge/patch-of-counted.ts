// The services of a patch of which replicas are counted: those of all protocols in one list, under names that no two of them
// share. Pure.
import { type CountedService, toCountedTcp, toCountedUdp } from '../model/dynamic-config.ts';
import type { ConfigPatch, TablePatch } from '../model/messages.ts';
import { tcpName } from '../model/tcp.ts';
import { udpName } from '../model/udp.ts';

/** As in the patch; those of TCP and UDP under their `tcpName` and `udpName`. */
export function patchOfCounted({
  services,
  tcpServices,
  udpServices,
}: ConfigPatch): TablePatch<CountedService> {
  return {
    set: [...services.set, ...tcpServices.set.map(toCountedTcp), ...udpServices.set.map(toCountedUdp)],
    removed: [...services.removed, ...tcpServices.removed.map(tcpName), ...udpServices.removed.map(udpName)],
  };
}
