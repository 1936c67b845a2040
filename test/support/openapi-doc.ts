// Makes docs/openapi.json from the API's own table of routes and from the types that its answers have (src/model/view.ts), so
// that the description cannot say anything else.
import { fileURLToPath } from 'node:url';
import { createGenerator, type Schema } from 'ts-json-schema-generator';
import { routes } from '../../src/control-plane/api/routes.ts';

type Content = { readonly schema: object };
/** Without a view: there is nothing of the kind yet, so its lists are empty. */
type Answer = { readonly view: string | undefined; readonly isList?: true };
type Parameter = {
  readonly name: string;
  readonly description: string;
  readonly type?: 'integer' | 'array';
  readonly required?: boolean;
};

/** What each path answers: a type of view.ts, or a list of it. */
const answers: Readonly<Record<string, Answer>> = {
  '/api/version': { view: 'VersionView' },
  '/api/overview': { view: 'OverviewView' },
  '/api/entrypoints': { view: 'EntryPointView', isList: true },
  '/api/entrypoints/:name': { view: 'EntryPointView' },
  '/api/rawdata': { view: 'RawDataView' },
  '/api/diagnostics': { view: 'Diagnostic', isList: true },
  '/api/replicas': { view: 'ReplicaView', isList: true },
  '/api/explain': { view: 'Explanation' },
  ...pair('http/routers', 'RouterView'),
  ...pair('http/services', 'ServiceView'),
  ...pair('http/middlewares', 'MiddlewareView'),
  ...pair('tcp/routers', 'TcpRouterView'),
  ...pair('tcp/services', 'TcpServiceView'),
  ...pair('tcp/middlewares', 'MiddlewareView'),
  ...pair('udp/routers', 'UdpRouterView'),
  ...pair('udp/services', 'UdpServiceView'),
  ...pair('certificates', undefined),
};

/** Query parameters by path; lists of objects have `listParameters`. */
const parameters: Readonly<Record<string, readonly Parameter[]>> = {
  '/api/diagnostics': [
    { name: 'severity', description: 'error, warning or info.' },
    { name: 'container', description: 'Only those of this container.' },
  ],
  '/api/replicas': [{ name: 'service', description: 'Only those of this service, such as tts@docker.' }],
  '/api/explain': [
    { name: 'url', description: 'The whole URL that is asked about.', required: true },
    { name: 'method', description: 'GET if absent.' },
    { name: 'header', description: 'Name:value; may be given several times.', type: 'array' },
    { name: 'client', description: 'Address of the client; 127.0.0.1 if absent.' },
    { name: 'entryPoint', description: 'The entry point; the one on the port if absent.' },
  ],
};

const listParameters: readonly Parameter[] = [
  {
    name: 'page',
    description: 'From 1. X-Next-Page names the next one, and is 1 on the last.',
    type: 'integer',
  },
  { name: 'per_page', description: '100 if absent.', type: 'integer' },
  { name: 'search', description: 'Part of the name, of routers also of the rule.' },
  { name: 'status', description: 'enabled, warning or disabled.' },
  { name: 'sortBy', description: 'name if absent.' },
  { name: 'direction', description: 'asc or desc.' },
];

function pair(path: string, view: string | undefined): Readonly<Record<string, Answer>> {
  return { [`/api/${path}`]: { view, isList: true }, [`/api/${path}/:name`]: { view } };
}

/** Paths of the API that this file says nothing of; a test wants none. */
export function undescribedPaths(): readonly string[] {
  return routes.map(({ path }) => path).filter((path) => !Object.hasOwn(answers, path));
}

/** The text of docs/openapi.json. `version` is the package's. */
export function renderOpenApi(version: string): string {
  const paths = routes.flatMap(({ path }) => {
    const answer = answers[path];
    return answer === undefined
      ? []
      : [[path.replace(/:(\w+)/g, '{$1}'), { get: operation(path, answer) }] as const];
  });
  const document = {
    openapi: '3.1.0',
    info: { title: 'Berth', version, description: 'Read-only. What each path means: docs/api.md.' },
    paths: Object.fromEntries(paths),
    components: { schemas: schemas() },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function operation(path: string, { view, isList }: Answer) {
  const one = view === undefined ? {} : { $ref: `#/components/schemas/${view}` };
  const own = parameters[path] ?? (isList && path.split('/').length === 4 ? listParameters : []);
  const named = path.includes(':name')
    ? [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }]
    : [];
  return {
    operationId: path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase()),
    parameters: [...named, ...own.map(toParameter)],
    responses: {
      200: {
        description: 'The answer.',
        content: json({ schema: isList ? { type: 'array', items: one } : one }),
      },
      default: {
        description: 'Why there is none.',
        content: json({ schema: { type: 'object', properties: { message: { type: 'string' } } } }),
      },
    },
  };
}

function toParameter({ name, description, type, required = false }: Parameter) {
  const schema = type === 'array' ? { type, items: { type: 'string' } } : { type: type ?? 'string' };
  return { name, in: 'query', description, ...(required ? { required } : {}), schema };
}

const json = (content: Content) => ({ 'application/json': content });

function schemas(): Readonly<Record<string, unknown>> {
  const generator = createGenerator({
    path: fileURLToPath(new URL('../../src/model/view.ts', import.meta.url)),
    tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)),
    expose: 'export',
    // Types are checked by a stage of its own.
    skipTypeCheck: true,
    additionalProperties: true,
  });
  const found: Record<string, unknown> = {};
  for (const view of new Set(Object.values(answers).map((answer) => answer.view))) {
    if (view === undefined) continue;
    const { definitions }: Schema = generator.createSchema(view);
    for (const [name, schema] of Object.entries(definitions ?? {})) found[name] = schema;
  }
  const sorted = Object.entries(found).sort(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify(Object.fromEntries(sorted));
  return JSON.parse(text.replaceAll('#/definitions/', '#/components/schemas/'));
}
