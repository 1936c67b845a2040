// The services of a patch of which replicas are counted: those of HTTP and TCP in one list, under names that no two of them
// share. Pure.
import { type CountedService, toCounted } from '../model/dynamic-config.ts';
import type { ConfigPatch, TablePatch } from '../model/messages.ts';
import { tcpName } from '../model/tcp.ts';

/** As in the patch; those of TCP under their `tcpName`. */
export function patchOfCounted({ services, tcpServices }: ConfigPatch): TablePatch<CountedService> {
  return {
    set: [...services.set, ...tcpServices.set.map(toCounted)],
    removed: [...services.removed, ...tcpServices.removed.map(tcpName)],
  };
}
