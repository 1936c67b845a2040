// What the process that read the command line tells the one that serves.
import type { StartupConfig } from '../model/startup.ts';
import type { StartupFault } from '../rules/startup/startup-fault.ts';

/** A checked start-up configuration, with what is to be said of it. */
export type GatewaySettings = {
  readonly startup: StartupConfig & { readonly workers: number };
  readonly warnings: readonly StartupFault[];
  /** Of package.json. */
  readonly version: string;
};
