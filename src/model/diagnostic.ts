// A fault or doubt found in configuration. It is data: collected, attached to its object, shown by API, dashboard,
// log and `check`. It is never thrown across rooms.

/** error: the object is not used. warning: it is, and something is wrong. info: worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

/** What a diagnostic can concern. */
export type ObjectKind =
  | 'container'
  | 'router'
  | 'service'
  | 'middleware'
  | 'provider'
  | 'entryPoint'
  | 'option';

/** Stable words that tools may branch on. A new one is documented in docs/errors.md. */
export type DiagnosticCode =
  | 'unknown-key' // a label or option that nobody reads
  | 'wrong-root' // `trafik.`, `Traefik.`, `traefik.htttp.`
  | 'wrong-type' // a value that its field cannot take
  | 'misread-by-traefik' // Traefik reads it in silence as something else
  | 'unknown-reference' // router → service, router → middleware, router → entryPoint
  | 'ambiguous-service' // several services and none chosen
  | 'missing-port'
  | 'ambiguous-port'
  | 'network-unreachable'
  | 'ambiguous-network' // several networks shared with the gateway and none chosen
  | 'ignored' // a container left out on purpose, such as one of `docker compose run`
  | 'rule-syntax'
  | 'syntax' // a file or document that cannot be read as YAML, JSON or TOML
  | 'rule-deprecated'
  | 'name-conflict'
  | 'not-yet' // Traefik has it, Berth has not yet
  | 'deprecated'
  | 'constraint'
  | 'template'
  | 'provider-down'
  | 'bad-value';

/** A place in a file or document, both numbers counted from 1. */
export type Place = { readonly file: string; readonly line: number; readonly column: number };

/** One finding. */
export type Diagnostic = {
  readonly severity: Severity;
  readonly code: DiagnosticCode;
  readonly provider: string;
  /** What it concerns, by its qualified or container name. */
  readonly object: { readonly kind: ObjectKind; readonly name: string };
  /** The container (name, not id) whose label it is. Absent for objects that come from elsewhere. */
  readonly container?: string;
  /** Where it stands, for what is written in a file. */
  readonly place?: Place;
  /** The label or option as written by the user: `key=value`, or the key alone where the value is secret. */
  readonly label?: string;
  /** 0-based offset of the fault inside the label's value, where one is known (rules). */
  readonly position?: number;
  /** What is wrong: one full sentence. Holds no secret value. */
  readonly message: string;
  /** What to do: one full sentence, often "Did you mean …?". */
  readonly hint?: string;
  /** The label as it should read, ready to paste: only where there is one plain answer. */
  readonly fix?: string;
};
