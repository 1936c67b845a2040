// Composition root of the process that reads the command line: it does what a command says, or reports how a gateway is to
// be started, and ends. No logic.
import { availableParallelism } from 'node:os';
import { dispatch } from './commands/dispatch.ts';
import type { GatewaySettings } from './commands/gateway-settings.ts';
import { createTerminal } from './commands/terminal.ts';
import { listenPlans } from './rules/startup/listen-plans.ts';
import { reportPlan } from './shepherd/shepherd-link.ts';

const terminal = createTerminal(process.env);
const outcome = await dispatch(process.argv.slice(2), terminal);
if (outcome.kind === 'done') process.exitCode = outcome.exitCode;
else {
  const startup = { ...outcome.startup, workers: outcome.startup.workers ?? availableParallelism() };
  await reportPlan({
    listen: listenPlans(startup),
    settings: { startup, warnings: outcome.warnings, version: terminal.version } satisfies GatewaySettings,
  });
  process.disconnect?.();
}
