// Makes docs/labels.md from the schema that labels are decoded by, so that the page cannot say anything else.
import { type FieldNode, isLeaf } from '../../src/lib/field-tree.ts';
import { fileOnlyObjects } from '../../src/rules/labels/file-only.ts';
import { labelFields } from '../../src/rules/labels/label-schema.ts';

const intro = `# Labels

Made from \`src/rules/labels/label-schema.ts\` and the schemas in \`src/model\` by \`node test/support/write-labels-doc.ts\`; a
test checks that it is current. Do not edit it by hand.

Berth reads Traefik's labels as Traefik v3 does, and the same tree under \`berth.\`:

\`\`\`yaml
labels:
  - traefik.enable=true
  - traefik.http.routers.speech.rule=Host(\`speech.example.com\`)
  - traefik.http.services.speech.loadbalancer.server.port=8000
\`\`\`

## How they are read

- \`traefik.…\` means what it means to Traefik. A value that Traefik reads in silence as something else than it says
  (\`tls=1\` switches TLS off; \`domains[10]\` comes before \`domains[2]\`) keeps that meaning and gives a warning.
- \`berth.…\` means what it says (\`tls=yes\` switches TLS on; \`[2]\` comes before \`[10]\`) or is an error. Where both roots
  set one option differently, \`berth.…\` wins, with a warning.
- The roots are lower case; the case of everything behind them does not matter. \`<name>\` is a name of your own, without
  dots, and keeps its first spelling.
- A list is separated by commas. A flag is one of \`1 t T TRUE true True 0 f F FALSE false False\`; under \`berth.\` also
  \`yes\`, \`no\`, \`on\` and \`off\`. A duration is a number of seconds, or such as \`10s\`, \`500ms\`, \`1m30s\`.
- A fault drops the object that it stands at (one router, one middleware, one service) and nothing else of the
  container. It shows as a diagnostic with the label, the reason and, where there is one, the spelling that was meant.
- A container without a port, or out of the gateway's reach, is no server of its service. Routers stay; without any
  server they answer 503.
- A service without a port label uses the lowest exposed TCP port. A container without a service label has one service
  and, without a router label, one router, both named after it (\`service-project\` in Compose).
- Traefik takes services over services (\`weighted\`, \`highestRandomWeight\`, \`failover\`, \`mirroring\`) from files only, and passes over
  such labels in silence. Under \`berth.\` they are read: \`berth.http.services.w.weighted.services[0].name=a\`,
  \`….services[0].weight=3\`. They change nothing of the service and the router that a container has by itself.
- A container is reached in the network that a label or the provider's \`network\` names, else in one that it shares with
  the gateway.
- Containers of one Compose service with different labels are an update under way: the newer ones count. Other
  containers that declare one name differently are in conflict, and the object is disabled until that ends.

"Later" marks what Traefik has and Berth has not yet: the label gives a diagnostic, never silence.
`;

const kinds: Readonly<Record<string, string>> = {
  text: 'text',
  flag: 'flag',
  integer: 'integer',
  number: 'number',
  duration: 'duration',
  bytes: 'bytes',
  'text-list': 'list',
  'text-map': 'text',
  section: 'flag',
};

/** Sections with a heading and a table of their own, by their path. */
const headings: Readonly<Record<string, string>> = {
  '': 'Container',
  'http.routers.<name>': 'HTTP routers',
  'http.services.<name>': 'HTTP services',
  'tcp.routers.<name>': 'TCP routers',
  'tcp.services.<name>': 'TCP services',
  'tcp.middlewares.<name>': 'TCP middlewares',
  'udp.routers.<name>': 'UDP routers',
  'udp.services.<name>': 'UDP services',
};

type Row = { readonly label: string; readonly node: FieldNode; readonly isLater: boolean };

/** The whole text of docs/labels.md. */
export function renderLabelsDoc(): string {
  const rows = rowsBelow(labelFields, [], false);
  const groups = Map.groupBy(rows, ({ label }) => headingOf(label));
  const ordered = [...groups].sort(([one], [other]) => order(one) - order(other));
  return `${intro}${ordered.map(([heading, list]) => `\n## ${heading}\n\n${table(list)}`).join('')}`;
}

function headingOf(label: string): string {
  const middleware = /^http\.middlewares\.<name>\.(\w+)/.exec(label)?.[1];
  if (middleware !== undefined)
    return isOpaque(label) ? 'Middlewares that come later' : `Middleware ${middleware}`;
  const prefix = Object.keys(headings).findLast((path) => path !== '' && label.startsWith(path));
  if (prefix !== undefined) return headings[prefix] ?? '';
  return /^(tcp|udp|tls|swarm)\b/.test(label) ? 'Other protocols' : 'Container';
}

function isOpaque(label: string): boolean {
  return label.endsWith('.…');
}

function order(heading: string): number {
  const fixed = Object.values(headings).indexOf(heading);
  if (fixed >= 0) return fixed;
  return heading === 'Other protocols' ? 12 : heading.endsWith('later') ? 11 : 10;
}

function rowsBelow(node: FieldNode, path: readonly string[], isLater: boolean): Row[] {
  const later = isLater || node.info.notYet === true;
  const own = (label: readonly string[]): Row => ({ label: label.join('.'), node, isLater: later });
  if (node.opaque) return [own([...path, '…'])];
  if (isLeaf(node)) return [own(path)];
  if (node.info.kind === 'text-map') return [own([...path, '<key>'])];
  const { entry } = node;
  if (node.info.kind === 'section-map') return entry ? rowsBelow(entry, [...path, '<name>'], later) : [];
  if (node.info.kind === 'section-list') {
    const indexed = [...path.slice(0, -1), `${path.at(-1) ?? ''}[n]`];
    return entry ? rowsBelow(entry, indexed, later) : [];
  }
  const below = [...node.fields.values()].flatMap((field) => rowsBelow(field, [...path, field.name], later));
  return node.info.allowEmpty === true ? [own(path), ...below] : below;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ label, node, isLater }) => {
    const { oneOf, deprecated } = node.info;
    const type = node.opaque ? '' : (oneOf?.join(', ') ?? kinds[node.info.kind] ?? '');
    const notes = [
      node.description,
      fileOnlyObjects(label.split('.'))?.isTaken && 'Under `berth.` only.',
      deprecated && `Deprecated: ${deprecated}`,
      isLater && '**Later.**',
    ];
    return [`\`${label}\``, type, fallback(node), notes.filter(Boolean).join(' ')];
  });
  const head = ['label behind `traefik.` or `berth.`', 'type', 'default', 'meaning'];
  return [head, head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`)
    .join('');
}

function fallback({ fallback: value, info }: FieldNode): string {
  if (value === undefined || value === '') return '';
  if (info.kind !== 'duration') return `\`${String(value)}\``;
  const ms = Number(value);
  return ms % 1_000 === 0 ? `\`${ms / 1_000}s\`` : `\`${ms}ms\``;
}
