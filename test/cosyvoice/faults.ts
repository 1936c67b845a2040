// What can be made to go wrong on purpose: one fault at a time, hitting requests by chance and for a number of times.

import { seededRandom } from './takes.ts';

export const FAULT_KINDS = ['none', 'hang', 'cut', 'error', 'slow', 'crash', 'unhealthy'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  /**
   * `hang`: the request is taken and nothing ever comes; `cut`: the connection ends early after a 200; `error`:
   * a plain 5xx; `slow`: each sentence group comes late; `crash`: the process is gone;
   * `unhealthy`: only the health answers are 503, synthesis goes on.
   */
  readonly kind: FaultKind;
  /** Share of requests that it hits, 0 to 1. Default 1. */
  readonly probability: number;
  /** How many requests it still hits; then it is over. Default: no end. */
  readonly count: number | undefined;
  /** Of `cut` and `crash`: bytes of audio before it. Default 0. */
  readonly afterBytes: number;
  /** Of `slow`: delay before each sentence group. Default 5. */
  readonly seconds: number;
  /** Of `error`: the status. Default 500. */
  readonly status: number;
}

export interface Faults {
  current(): Fault;
  set(fault: Fault): void;
  /** The fault that hits the request that asks, and one less to come. Kind `none` when it is spared. */
  strike(): Fault;
}

export const NO_FAULT: Fault = {
  kind: 'none',
  probability: 1,
  count: undefined,
  afterBytes: 0,
  seconds: 5,
  status: 500,
};

/** The limits of each number, by its name in JSON and, in capitals after `FAULT_`, in the environment. */
const NUMBERS = {
  probability: [0, 1],
  count: [0, Number.MAX_SAFE_INTEGER],
  afterBytes: [0, Number.MAX_SAFE_INTEGER],
  seconds: [0, 86_400],
  status: [500, 599],
} as const;

/** Chance comes from a fixed seed, so that a test run sees the same requests hit as the last one. */
export function createFaults(initial: Fault): Faults {
  let fault = initial;
  let random = seededRandom(1);
  return {
    current: () => fault,
    set(next) {
      fault = next;
      random = seededRandom(1);
    },
    strike() {
      if (fault.kind === 'none' || fault.kind === 'unhealthy') return NO_FAULT;
      if (fault.count === 0 || random() >= fault.probability) return NO_FAULT;
      const struck = fault;
      if (fault.count !== undefined) fault = { ...fault, count: fault.count - 1 };
      return struck;
    },
  };
}

/** Checks an object of a fault's fields, each of which may be missing; throws with all that is wrong. */
export function parseFault(value: unknown): Fault {
  if (typeof value !== 'object' || value === null) throw new Error('A fault is an object.');
  const given = new Map<string, unknown>(Object.entries(value));
  const problems = [...given.keys()]
    .filter((name) => name !== 'kind' && !Object.hasOwn(NUMBERS, name))
    .map((name) => `unknown field ${name}`);
  const kind = FAULT_KINDS.find((known) => known === given.get('kind'));
  if (kind === undefined) problems.push(`kind must be one of ${FAULT_KINDS.join(', ')}`);
  const number = (name: keyof typeof NUMBERS): number | undefined => {
    const [least, most] = NUMBERS[name];
    const found = given.get(name);
    if (found === undefined) return undefined;
    if (typeof found === 'number' && found >= least && found <= most) return found;
    problems.push(`${name} must be a number from ${least} to ${most}`);
    return undefined;
  };
  const fault: Fault = {
    kind: kind ?? 'none',
    probability: number('probability') ?? NO_FAULT.probability,
    count: number('count'),
    afterBytes: number('afterBytes') ?? NO_FAULT.afterBytes,
    seconds: number('seconds') ?? NO_FAULT.seconds,
    status: number('status') ?? NO_FAULT.status,
  };
  if (problems.length > 0) throw new Error(problems.join('; '));
  return fault;
}
