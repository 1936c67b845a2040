// The listening sockets, held by the first process for as long as the gateway lives. Generations and their workers come and
// go with descriptors of their own for the same sockets, so a connection that nobody has accepted yet waits for the next
// one: with SO_REUSEPORT alone the kernel resets those of a socket that is closed.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { explainListenError } from '../lib/explain-listen-error.ts';
import type { ListenPlan } from '../model/listen-plan.ts';
import { binderOf, type HeldSocket } from './bind-socket.ts';
import type { ListenFault } from './protocol.ts';

/** The sockets of one address; the descriptors stay the book's. */
export type HeldSockets = {
  readonly entryPoint: string;
  readonly fds: readonly number[];
  /** Of UDP sockets: whoever opens them has to know it. */
  readonly family?: 4 | 6;
};

/** All sockets by address. */
export type SocketBook = {
  /** Binds what is not bound yet; nobody accepts before a worker listens. */
  open(plans: readonly ListenPlan[]): Promise<{
    readonly held: readonly HeldSockets[];
    readonly faults: readonly ListenFault[];
  }>;
  /** Lets go of every socket that the plans do not ask for. */
  retain(plans: readonly ListenPlan[]): void;
};

/** An empty book. */
export function createSocketBook(): SocketBook {
  const sockets = new Map<string, HeldSocket[]>();

  async function hold(plan: ListenPlan): Promise<Omit<HeldSockets, 'entryPoint'>> {
    const known = sockets.get(keyOf(plan));
    const slots = [...(known ?? [])];
    const host = await numericHost(plan.host);
    const bind = binderOf(plan.protocol ?? 'tcp');
    // Two gateways of one user would share a port without a word, and each would get a part of the requests.
    if (known === undefined && !plan.reusePort) (await bind(host, plan.port, false)).close();
    try {
      while (slots.length < plan.slots) {
        const first = slots[0]?.address();
        slots.push(await bind(first?.address ?? host, first?.port ?? plan.port, true));
      }
    } catch (error) {
      for (const socket of slots.slice(known?.length ?? 0)) socket.close();
      throw error;
    }
    sockets.set(keyOf(plan), slots);
    const fds = slots.slice(0, plan.slots).map((socket) => socket.fd());
    if (plan.protocol !== 'udp') return { fds };
    return { fds, family: slots[0]?.address().family === 'IPv6' ? 6 : 4 };
  }

  return {
    async open(plans) {
      const held: HeldSockets[] = [];
      const faults: ListenFault[] = [];
      for (const plan of plans) {
        const { entryPoint, host, port } = plan;
        try {
          held.push({ entryPoint, ...(await hold(plan)) });
        } catch (error) {
          faults.push({ entryPoint, message: explainListenError(error, host, port) });
        }
      }
      return { held, faults };
    },
    retain(plans) {
      const wanted = new Map(plans.map((plan) => [keyOf(plan), plan.slots]));
      for (const [key, slots] of sockets) {
        const kept = wanted.get(key) ?? 0;
        for (const socket of slots.splice(kept)) socket.close();
        if (kept === 0) sockets.delete(key);
      }
    },
  };
}

/** An entry point may be renamed; one on a free port is known by nothing but its name. */
function keyOf({ entryPoint, protocol, host, port }: ListenPlan): string {
  return port === 0 ? `${entryPoint} ${host}:0` : `${host}:${port}/${protocol ?? 'tcp'}`;
}

/** BoundSocket takes addresses only. Empty: all, of IPv6 too where there is any. */
async function numericHost(host: string): Promise<string> {
  if (host === '') return '';
  return isIP(host) === 0 ? (await lookup(host)).address : host;
}
