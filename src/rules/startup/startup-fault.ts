// What can be wrong with start-up configuration. All faults are reported at once, then the gateway starts or does not.

/** A fault of start-up configuration. An error keeps the gateway from starting, a warning does not. */
export type StartupFault = {
  readonly severity: 'error' | 'warning';
  /** The flag, variable or file key as written, or the option's path. */
  readonly source: string;
  readonly message: string;
  readonly hint?: string;
};

/** The fault of an address that cannot be read. */
export function badAddress(name: string, address: string): StartupFault {
  return {
    severity: 'error',
    source: `entryPoints.${name}.address`,
    message: `The address ${JSON.stringify(address)} is not [host]:port.`,
    hint: 'Write :80, 127.0.0.1:8000 or [::1]:8000.',
  };
}
