// The time limits of a router. Pure.
import type { RouterTimeouts } from '../../model/dynamic-config.ts';
import type { RouterOptions } from '../../model/router.ts';
import type { Verdict } from './verdict.ts';

/** Those that are set, in milliseconds; undefined where none is. A negative one disables the router. */
export function resolveTimeouts(
  options: RouterOptions['timeouts'],
  verdict: Pick<Verdict, 'add'>,
): RouterTimeouts | undefined {
  const set = Object.entries(options ?? {}).filter(([, ms]) => ms !== undefined && ms !== 0);
  for (const [name, ms] of set) {
    if (ms === undefined || ms > 0) continue;
    verdict.add({
      severity: 'error',
      code: 'bad-value',
      message: 'A time limit cannot be negative.',
      hint: 'Write it such as 30s, or 0 for no limit.',
      option: { key: `timeouts.${name}`, value: `${ms}ms` },
    });
  }
  return set.length === 0 ? undefined : Object.freeze(Object.fromEntries(set));
}
