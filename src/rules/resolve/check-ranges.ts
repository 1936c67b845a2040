// Lists of addresses and ranges, as options of HTTP and TCP middlewares hold them.
import { parseAddressRange } from '../routing/parse-address-range.ts';
import type { Finding } from './verdict.ts';

/** The first entry of the option `key` that is neither an address nor a range, if there is one. */
export function checkRanges(key: string, entries: readonly string[]): readonly Finding[] {
  const bad = entries.find((entry) => parseAddressRange(entry.trim()) === undefined);
  if (bad === undefined) return [];
  return [
    {
      severity: 'error',
      code: 'bad-value',
      message: `${JSON.stringify(bad)} is neither an address nor a range.`,
      hint: 'Write addresses such as 192.168.1.7 or ranges such as 10.0.0.0/8, joined by commas.',
      option: { key, value: entries.join(',') },
    },
  ];
}
