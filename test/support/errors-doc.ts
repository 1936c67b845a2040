// Makes docs/errors.md from the tables in src/model. A code without a line here does not compile.
import type { DiagnosticCode } from '../../src/model/diagnostic.ts';
import { type FaultCode, type FaultSide, faults, type RetryRule } from '../../src/model/errors.ts';

const sides = {
  client: 'the client',
  upstream: 'a replica',
  gateway: 'the gateway or its configuration',
} as const satisfies Record<FaultSide, string>;

const retries = {
  never: 'no',
  'if-idempotent':
    'once, on another replica if there is one, for an idempotent method without a body of whose answer nothing had come',
  safe: 'yes, nothing was sent',
} as const satisfies Record<RetryRule, string>;

const diagnostics = {
  'unknown-key': 'Nobody reads this label or option. The hint names the nearest one that exists.',
  'wrong-root':
    'The label begins like one of ours but is none, such as `trafik.`, `Traefik.` or `traefik.htttp.`. Traefik ignores it without a word.',
  'wrong-type': 'The value does not fit its field, such as a word where a number belongs.',
  'misread-by-traefik':
    'Traefik reads the value as something else than it says, such as `tls=1`, which switches TLS off. Under `berth.*` it does what it says or is an error.',
  syntax:
    'A file, or a document from elsewhere, cannot be read as YAML, JSON or TOML. What it declared when it could last be read goes on.',
  'unknown-reference': 'A router names a service, a middleware or an entry point that does not exist.',
  'ambiguous-service':
    'The container declares several services, and the router names none of them, or there is no router at all.',
  'missing-port':
    'The container exposes no port and no label names one. It is no server of its service, whose routers answer 503 if it has no other.',
  'ambiguous-port': 'The container exposes several ports and no label chooses; the lowest is taken.',
  'network-unreachable':
    'The gateway shares no network with the container, which is then no server of its service, as above.',
  'ambiguous-network':
    'The container shares several networks with the gateway and no label chooses (`traefik.docker.network`).',
  ignored: 'The container is left out on purpose, such as one of `docker compose run`.',
  'rule-syntax': 'The rule cannot be read; `position` is where reading stopped.',
  'rule-deprecated': 'The rule uses the old language (`ruleSyntax=v2`) or a spelling that will go.',
  'name-conflict': 'Two containers declare different things under one name.',
  'not-yet':
    'Traefik has this option and Berth has not yet. The rest of the object works, except where it would lack a protection: a middleware of such a kind is an error.',
  deprecated: 'The option is read, but there is a newer one.',
  constraint:
    'The expression of `providers.docker.constraints` cannot be read, or the container does not meet it.',
  template: 'The template of `providers.docker.defaultRule` cannot be read or filled in.',
  'provider-down': 'The provider cannot be reached; the last good routes stay in force.',
  'bad-value': 'The value is of the right type but makes no sense here.',
} as const satisfies Record<DiagnosticCode, string>;

const intro = `# Errors

Made from \`src/model/errors.ts\` and \`src/model/diagnostic.ts\` by \`node test/support/write-errors-doc.ts\`; a test
checks that it is current. Do not edit it by hand.

## When a request fails

The answer holds the code, one sentence and the request id: as JSON where the client accepts it, else as text. The
access log has the code under \`Fault\`, the gateway's log has the cause under the request id. The cause is never sent to
the client.
`;

const between = `
## When configuration is at fault

Faults in labels and options are diagnostics: they stand at the object that they concern, in \`/api/diagnostics\`, in the
dashboard, in the log and in the answer of \`berth check\`. An **error** takes the object out of service, a **warning**
does not, an **info** is worth knowing. Only the faulty object is dropped, never the whole container.

`;

/** The whole text of docs/errors.md. */
export function renderErrorsDoc(): string {
  const codes = Object.keys(faults) as FaultCode[];
  return `${intro}${codes.map(faultSection).join('')}${between}${table(
    ['code', 'meaning'],
    Object.entries(diagnostics).map(([code, meaning]) => [`\`${code}\``, meaning]),
  )}`;
}

function faultSection(code: FaultCode): string {
  const { status, side, retry, message, remedy } = faults[code];
  return `
### \`${code}\` · ${status}

${message}

- At fault: ${sides[side]}.
- What to do: ${remedy}
- Tried again by the gateway: ${retries[retry]}.
`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [head, head.map(() => '---'), ...rows].map(line).join('');
}
