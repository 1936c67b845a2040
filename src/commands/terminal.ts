// Where commands read and print; main.ts gives the real one, tests give their own.

export type Terminal = {
  out(text: string): void;
  err(text: string): void;
  /** The text of a file; undefined when there is none. @throws on any other failure. */
  readFile(path: string): string | undefined;
};
