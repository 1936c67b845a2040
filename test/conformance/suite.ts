// What a suite of others has to say of the gateway.

export type Outcome = {
  readonly passed: number;
  readonly tests: number;
  /** Those that failed; `isKnown`: the suite's file says why nothing is to be done about it. */
  readonly failures: readonly { readonly name: string; readonly isKnown: boolean }[];
};

export type Suite = { run(): Promise<Outcome> };
