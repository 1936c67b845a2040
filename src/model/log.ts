// What rooms want of a log. It is handed to them, so that they need not know pino; tests hand in their own.

type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** A log with a level for each gravity. A room takes only the levels that it writes: `Pick<Log, 'warn'>`. */
export type Log = {
  readonly error: Write;
  readonly warn: Write;
  readonly info: Write;
  readonly debug: Write;
};
