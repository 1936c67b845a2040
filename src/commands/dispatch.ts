// Command line → what to do. Commands that end are run here; `run` is handed back, because only main.ts may start a gateway.
import type { StartupConfig } from '../model/startup.ts';
import { loadStartup } from '../rules/startup/load-startup.ts';
import { parseArguments } from '../rules/startup/parse-arguments.ts';
import type { StartupFault } from '../rules/startup/startup-fault.ts';
import { check } from './check.ts';
import { healthcheck } from './healthcheck.ts';
import { helpText } from './help.ts';
import type { Terminal } from './terminal.ts';

/** Flags that belong to commands; everything else is an option of the gateway. */
const commandFlags = {
  configfile: 'value',
  docker: 'switch',
  json: 'switch',
  project: 'value',
  explain: 'value',
  method: 'value',
  header: 'value',
  client: 'value',
  entrypoint: 'value',
} as const;

const commandNames = ['run', 'check', 'healthcheck', 'version', 'help'] as const;

/** A command has ended, or a gateway is to be started. */
export type Outcome =
  | { readonly kind: 'done'; readonly exitCode: number }
  | { readonly kind: 'run'; readonly startup: StartupConfig; readonly warnings: readonly StartupFault[] };

/**
 * Exit codes: 0 done, 1 the command found what it looks for (faults, a gateway that does not answer), 2 the command
 * line or the start-up configuration is wrong.
 */
export async function dispatch(argv: readonly string[], terminal: Terminal): Promise<Outcome> {
  const { command, operands, help, commandFlags: flags, entries } = parseArguments(argv, commandFlags);
  if (help || command === 'help') {
    terminal.out(helpText());
    return { kind: 'done', exitCode: 0 };
  }
  if (command === 'version') {
    terminal.out(`Berth ${terminal.version} on Node ${process.version}\n`);
    return { kind: 'done', exitCode: 0 };
  }
  if (!(commandNames as readonly string[]).includes(command)) {
    terminal.err(
      `There is no command ${JSON.stringify(command)}. Commands: ${commandNames.join(', ')}. See --help.\n`,
    );
    return { kind: 'done', exitCode: 2 };
  }
  const last = (flag: keyof typeof commandFlags): string => flags.get(flag)?.at(-1) ?? '';
  const { config, faults, isWithoutEntryPoints } = loadStartup({
    flags: entries,
    environment: terminal.environment,
    configFile: last('configfile'),
    readFile: terminal.readFile,
  });
  const errors = faults.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    terminal.err(
      `Berth cannot start: ${errors.length} fault${errors.length === 1 ? '' : 's'} in the start-up configuration.\n`,
    );
    for (const fault of faults) terminal.err(describeFault(fault));
    return { kind: 'done', exitCode: 2 };
  }
  if (command === 'healthcheck') return { kind: 'done', exitCode: await healthcheck(config, terminal) };
  if (command === 'check') {
    const options = {
      files: operands,
      json: flags.has('json'),
      docker: flags.has('docker'),
      project: last('project'),
      question: flags.has('explain')
        ? {
            url: last('explain'),
            method: last('method'),
            headers: flags.get('header') ?? [],
            client: last('client'),
            entryPoint: last('entrypoint'),
          }
        : undefined,
    };
    const setting = { startup: config, isWithoutEntryPoints };
    return { kind: 'done', exitCode: await check(options, setting, terminal) };
  }
  return { kind: 'run', startup: config, warnings: faults };
}

function describeFault({ severity, source, message, hint }: StartupFault): string {
  return `  ${severity}: ${source}: ${message}${hint === undefined ? '' : ` ${hint}`}\n`;
}
