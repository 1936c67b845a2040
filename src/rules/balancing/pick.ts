// The table of strategies: a strategy without a picker does not compile.
import type { BalancedService } from '../../model/dynamic-config.ts';
import type { Picker } from './candidate.ts';
import { pickHighestRandomWeight } from './highest-random-weight.ts';
import { pickLeastTime } from './least-time.ts';
import { pickPowerOfTwo } from './power-of-two.ts';
import { pickWeightedRoundRobin } from './weighted-round-robin.ts';

/** Traefik's `loadbalancer.strategy`, each with its picker. */
export const pickers = {
  wrr: pickWeightedRoundRobin,
  p2c: pickPowerOfTwo,
  hrw: pickHighestRandomWeight,
  leasttime: pickLeastTime,
} as const satisfies Record<BalancedService['strategy'], Picker>;
