// The stand-in's configuration by environment, checked as a whole: every fault is reported, not only the first.

import { CURVES, type CurveName, isCurveName } from './curves.ts';
import { type Fault, NO_FAULT, parseFault } from './faults.ts';
import { SHIPPED_SPEAKERS } from './voice.ts';

/** Which model the server pretends to have loaded; both give 24 kHz. */
export type Model = 'cosyvoice2' | 'cosyvoice3';

export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly model: Model;
  readonly speakers: readonly string[];
  readonly loadSeconds: number;
  readonly warmupSeconds: number;
  /** Only told, never enforced: CosyVoice's own server takes any number. */
  readonly slots: number;
  readonly curve: CurveName;
  readonly fault: Fault;
}

export const HELP = `A stand-in for CosyVoice's FastAPI server: its HTTP surface with a small formant synthesiser.

  node server.ts [--port 50000] [--help]

Environment (default):
  PORT (50000)                 TCP port; --port wins
  HOST (0.0.0.0)               address to listen on; :: for IPv6 too
  MODEL (cosyvoice2)           cosyvoice2 | cosyvoice3 (which demands <|endofprompt|> in its texts)
  SPEAKERS (${SHIPPED_SPEAKERS.join(',')})
  LOAD_SECONDS (0)             time before the port opens
  WARMUP_SECONDS (0)           time that the first synthesis takes more
  SLOTS (4)                    shown in /stats and /health; the real server has no limit
  CURVE (none)                 none | ${Object.keys(CURVES).join(' | ')}
  FAULT (none)                 none | hang | cut | error | slow | crash | unhealthy
  FAULT_PROBABILITY (1)        share of requests hit, 0 to 1
  FAULT_COUNT (no end)         how many requests are hit
  FAULT_AFTER_BYTES (0)        cut, crash: bytes of audio before it
  FAULT_SECONDS (5)            slow: delay before each sentence group
  FAULT_STATUS (500)           error: the status, 500 to 599
`;

const FAULT_FIELDS = {
  FAULT_PROBABILITY: 'probability',
  FAULT_COUNT: 'count',
  FAULT_AFTER_BYTES: 'afterBytes',
  FAULT_SECONDS: 'seconds',
  FAULT_STATUS: 'status',
} as const;

/** An empty variable counts as missing. Throws one error that names everything wrong. */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = [];
  const text = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const number = (name: string, fallback: number, most: number): number => {
    const given = text(name);
    if (given === undefined) return fallback;
    const value = Number(given);
    if (value >= 0 && value <= most) return value;
    problems.push(`${name}=${given}: must be a number from 0 to ${most}`);
    return fallback;
  };
  const choice = <Choice extends string>(
    name: string,
    fallback: Choice,
    known: readonly Choice[],
  ): Choice => {
    const given = text(name) ?? fallback;
    const found = known.find((entry) => entry === given.toLowerCase());
    if (found === undefined) problems.push(`${name}=${given}: must be one of ${known.join(', ')}`);
    return found ?? fallback;
  };
  const curves: readonly CurveName[] = ['none', ...Object.keys(CURVES).filter(isCurveName)];
  const settings: Settings = {
    port: number('PORT', 50_000, 65_535),
    host: text('HOST') ?? '0.0.0.0',
    model: choice<Model>('MODEL', 'cosyvoice2', ['cosyvoice2', 'cosyvoice3']),
    speakers: text('SPEAKERS')?.split(/\s*,\s*/) ?? SHIPPED_SPEAKERS,
    loadSeconds: number('LOAD_SECONDS', 0, 86_400),
    warmupSeconds: number('WARMUP_SECONDS', 0, 86_400),
    slots: number('SLOTS', 4, 1024),
    curve: choice<CurveName>('CURVE', 'none', curves),
    fault: faultFrom(text, problems),
  };
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return settings;
}

function faultFrom(text: (name: string) => string | undefined, problems: string[]): Fault {
  const fields: Record<string, unknown> = { kind: text('FAULT') ?? 'none' };
  for (const [variable, field] of Object.entries(FAULT_FIELDS)) {
    const given = text(variable);
    if (given !== undefined) fields[field] = Number(given);
  }
  try {
    return parseFault(fields);
  } catch (error) {
    problems.push(`FAULT: ${error instanceof Error ? error.message : String(error)}`);
    return NO_FAULT;
  }
}
