// What the decoders find wrong with configuration, and how they are told to behave.

/**
 * unknown-key: nobody reads it. wrong-type: the field cannot take the value. missing: a required field is absent.
 * duplicate: another entry means the same field and is used. misread: Traefik reads it in silence as something else
 * than it says. deprecated, not-yet: read, with a warning.
 */
export type DecodeFaultCode =
  | 'unknown-key'
  | 'wrong-type'
  | 'missing'
  | 'duplicate'
  | 'misread'
  | 'deprecated'
  | 'not-yet';

/** One thing that is wrong or doubtful. */
export type DecodeFault = {
  readonly code: DecodeFaultCode;
  /** error: the value is left out. warning: it is read. */
  readonly severity: 'error' | 'warning';
  /** The label, flag, variable or file key as the user wrote it. */
  readonly source: string;
  /** The place in the schema: canonical field names, user-chosen names as first spelt. */
  readonly path: readonly string[];
  /** One full sentence. Never holds the value of a secret field. */
  readonly message: string;
  /** One full sentence that says what to do. */
  readonly hint?: string;
  /** The value as the user wrote it. Absent where it is long, secret, or nobody knows whether it is secret. */
  readonly value?: string;
  /** Where an unknown key most likely belongs: a path that the schema knows. */
  readonly suggestion?: readonly string[];
  /** `key=value` as it should read, only where there is one plain answer and nothing secret in it. */
  readonly fix?: string;
};

/** How values are read and paths are written. */
export type DecodeOptions = {
  /**
   * traefik: a value means what it means to Traefik, with a warning where that surprises.
   * strict: such a value does what it says, or is an error.
   */
  readonly mode: 'traefik' | 'strict';
  /** Writes a path as its users do, for hints; joined by dots if absent. */
  readonly spell?: (path: readonly string[]) => string;
  /** What a list means that is given twice: the last one (labels), or all of them (flags). Default `last`. */
  readonly repeatedLists?: 'last' | 'join';
};

/** What came out, with everything that was wrong. */
export type Decoded = {
  /** Plain objects, arrays and scalars after the schema; faulty values are left out. */
  readonly value: unknown;
  /** Everything found, in the order of the input; never thrown. */
  readonly faults: readonly DecodeFault[];
};

/** Writes a path by the options' rule. */
export function spellPath(path: readonly string[], options: DecodeOptions): string {
  return options.spell === undefined ? path.join('.') : options.spell(path);
}

/** Takes the faults of one decoding. */
export type FaultSink = (fault: DecodeFault) => void;

/** Longer values are left out of faults: a label may hold a megabyte. */
const maxShownLength = 200;

/** What a fault may repeat of a value and its repair. */
export function shownParts(
  secret: boolean,
  value: string | undefined,
  fix?: { readonly key: string; readonly value: string },
): Pick<DecodeFault, 'value' | 'fix'> {
  if (secret || value === undefined || value.length > maxShownLength) return {};
  return { value, ...(fix === undefined ? {} : { fix: `${fix.key}=${fix.value}` }) };
}
