// Options that all comparisons take.
import { parseArgs } from 'node:util';

export type BenchOptions = {
  /** Length of one measurement. */
  readonly seconds: number;
  /** How often each gateway is measured; they take turns. */
  readonly rounds: number;
  /** Load before the first round. */
  readonly warmUpSeconds: number;
  readonly connections: number;
  /** Only gateways of these names; empty is all that are installed. */
  readonly only: readonly string[];
  /** Only cases whose names have one of these in them; empty is all. */
  readonly cases: readonly string[];
  /** JSON access logs everywhere. */
  readonly logs: boolean;
  /** What is left of the arguments; each suite says what it means. */
  readonly rest: readonly string[];
};

/** How to use them, for the usage text. */
export const optionHelp = `Options of comparisons:
  --seconds=3         length of one measurement
  --rounds=3          rounds, in which the gateways take turns; the medians count
  --warm-up=2         seconds of load before the first round
  --connections=64    connections of the load, where a suite has no number of its own
  --only=berth,nginx  gateways to measure; a name stands for all that begin with it. Default: all that are installed
  --cases=TLS,WebSocket
                      cases to measure, by a part of their names. Default: all that the suite has
  --logs              with JSON access logs in every gateway, without which they are off`;

/** Reads the arguments of a suite. @throws on options that do not exist. */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '3' },
      'warm-up': { type: 'string', default: '2' },
      connections: { type: 'string', default: '64' },
      only: { type: 'string', default: '' },
      cases: { type: 'string', default: '' },
      logs: { type: 'boolean', default: false },
    },
  });
  return {
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    warmUpSeconds: Number(values['warm-up']),
    connections: Number(values.connections),
    only: listOf(values.only),
    cases: listOf(values.cases),
    logs: values.logs,
    rest: positionals,
  };
}

function listOf(text: string): readonly string[] {
  return text.toLowerCase().split(',').filter(Boolean);
}
