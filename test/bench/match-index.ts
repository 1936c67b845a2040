// What one match costs, by number of routers, and what hostile regexps cost. Run: node test/bench/run.ts match-index, or
// this file directly. Rounds of all cases are interleaved, and the median round counts, so that noise hits all alike.
import { pathToFileURL } from 'node:url';
import { compileRule } from '../../src/rules/routing/compile-rule.ts';
import { parseRule } from '../../src/rules/routing/parse-rule.ts';
import type { RequestHead } from '../../src/rules/routing/request-head.ts';
import { createRouterIndex, type RouterIndex } from '../../src/rules/routing/router-index.ts';
import type { RuleNode } from '../../src/rules/routing/rule-node.ts';

const rounds = 31;
/** Long enough for the clock, short enough for the whole suite to end in a few seconds. */
const roundMs = 5;

type Shape = {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly rule: (n: number) => string;
  readonly head: (n: number) => Partial<RequestHead>;
};

const shapes: readonly Shape[] = [
  {
    name: 'Host && PathPrefix, a host each',
    sizes: [10, 10_000, 100_000],
    rule: (n) => `Host(\`app-${n}.example.com\`) && PathPrefix(\`/api\`)`,
    head: (n) => ({ host: `app-${n}.example.com`, path: '/api/v1/speech' }),
  },
  {
    name: 'one host, a PathPrefix each',
    sizes: [10, 1000, 10_000],
    rule: (n) => `Host(\`example.com\`) && PathPrefix(\`/tenant-${n}/\`)`,
    head: (n) => ({ host: 'example.com', path: `/tenant-${n}/v1/speech` }),
  },
  {
    name: 'one host, a Header value each',
    sizes: [10, 10_000],
    rule: (n) => `Host(\`example.com\`) && Header(\`X-Model\`, \`model-${n}\`)`,
    head: (n) => ({ host: 'example.com', headers: { 'x-model': `model-${n}` } }),
  },
  {
    name: 'one host, a HeaderRegexp each (no index possible)',
    sizes: [10, 1000],
    rule: (n) => `Host(\`example.com\`) && HeaderRegexp(\`X-Model\`, \`^model-${n}$\`)`,
    head: (n) => ({ host: 'example.com', headers: { 'x-model': `model-${n}` } }),
  },
];

const hostile: readonly (readonly [rule: string, head: Partial<RequestHead>])[] = [
  ['HostRegexp(`^(a+)+$`)', { host: `${'a'.repeat(254)}!` }],
  ['HostRegexp(`^(.*)(.*)(.*)\\.x\\.test$`)', { host: `${'.x.test'.repeat(36)}!` }],
  ['PathRegexp(`^(a+)+$`)', { path: `${'a'.repeat(8191)}!` }],
  ['PathRegexp(`^(.*)(.*)(.*)\\.x\\.test$`)', { path: `${'.x.test'.repeat(1170)}!` }],
  ['PathRegexp(`^(([a-z])+.)+[A-Z]([a-z])+$`)', { path: `/${randomLetters(8190)}!` }],
  ['PathRegexp(`(a|a?)+$`)', { path: `/${'a'.repeat(8190)}!` }],
  // Counted repetitions of overlapping classes: the worst that linear time leaves.
  ['HostRegexp(`[ab]*a[ab]{100}x$`)', { host: `x${randomLetters(254)}` }],
  ['PathRegexp(`[ab]*a[ab]{100}x$`)', { path: `/x${randomLetters(8190)}` }],
  // What one label can make the thread do that reads it.
  [Array.from({ length: 300 }, (_, n) => `PathRegexp(\`(.{0,50}a){20}${n}\`)`).join(' || '), {}],
];

/** Runs the suite and prints its two tables. */
export async function run(): Promise<void> {
  const cases = shapes.flatMap((shape) => shape.sizes.map((size) => createCase(shape, size)));
  for (let round = 0; round < rounds; round++) {
    for (const one of cases) {
      one.worst.push(
        timeMatches(
          one.index,
          Array.from(one.heads, () => one.heads[0] ?? headOf({})),
        ),
      );
      one.spread.push(timeMatches(one.index, one.heads));
    }
    // Let timers and the collector run between rounds.
    await new Promise((resolve) => setImmediate(resolve));
  }
  console.table(
    cases.map((one) => {
      const smallest = cases.find((other) => other.name === one.name) ?? one;
      return {
        routers: one.name,
        count: one.size,
        'build ms': Math.round(one.buildMs),
        'worst placed ns': Math.round(median(one.worst)),
        'worst ×': Number((median(one.worst) / median(smallest.worst)).toFixed(2)),
        'spread ns': Math.round(median(one.spread)),
        'spread ×': Number((median(one.spread) / median(smallest.spread)).toFixed(2)),
      };
    }),
  );
  console.table(hostile.map(([text, head]) => timeHostile(text, headOf(head))));
}

type Case = {
  readonly name: string;
  readonly size: number;
  readonly index: RouterIndex<number>;
  readonly buildMs: number;
  /** The first is that of the router asked last; the others are spread evenly over all. */
  readonly heads: readonly RequestHead[];
  readonly worst: number[];
  readonly spread: number[];
};

function createCase(shape: Shape, size: number): Case {
  const started = performance.now();
  const routers = Array.from({ length: size }, (_, n) => ({
    rule: ruleOf(shape.rule(n)),
    priority: size - n,
    order: n,
    value: n,
  }));
  const index = createRouterIndex(routers);
  const buildMs = performance.now() - started;
  const heads = Array.from({ length: 64 }, (_, k) =>
    headOf(shape.head(size - 1 - Math.floor((k * size) / 64))),
  );
  if (heads[0] && index.match(heads[0]) !== size - 1) throw new Error('The wrong router answered.');
  return { name: shape.name, size, index, buildMs, heads, worst: [], spread: [] };
}

/** Nanoseconds per match. */
function timeMatches(index: RouterIndex<number>, heads: readonly RequestHead[]): number {
  const batch = heads.length * 16;
  const started = process.hrtime.bigint();
  let elapsed = 0;
  let count = 0;
  while (elapsed < roundMs * 1e6) {
    let found = 0;
    for (let n = 0; n < batch; n++) {
      const head = heads[n % heads.length];
      if (head && index.match(head) !== undefined) found++;
    }
    if (found !== batch) throw new Error('A request found no router.');
    count += batch;
    elapsed = Number(process.hrtime.bigint() - started);
  }
  return elapsed / count;
}

/** What it takes to judge the rule, and its slowest match where it is not refused, in milliseconds. */
function timeHostile(text: string, head: RequestHead): Record<string, string | number> {
  const judged = Array.from({ length: 5 }, () => {
    const started = performance.now();
    parseRule(text, 'v3');
    return performance.now() - started;
  });
  const shown = { rule: text.slice(0, 60), 'judged ms': Number(median(judged).toFixed(3)) };
  if (!parseRule(text, 'v3').ok) return { ...shown, outcome: 'refused' };
  const once = (): number => {
    const matches = compileRule(ruleOf(text));
    const started = performance.now();
    matches(head);
    return performance.now() - started;
  };
  const cold = Array.from({ length: 5 }, once);
  const matches = compileRule(ruleOf(text));
  const warm = Array.from({ length: 20 }, () => {
    const started = performance.now();
    matches(head);
    return performance.now() - started;
  }).slice(1);
  return {
    ...shown,
    outcome: `${Math.max(head.host.length, head.path.length)} characters`,
    'first ms': Number(median(cold).toFixed(3)),
    'later ms': Number(median(warm).toFixed(3)),
    'slowest ms': Number(Math.max(...cold, ...warm).toFixed(3)),
  };
}

function headOf(change: Partial<RequestHead>): RequestHead {
  const plain = {
    method: 'POST',
    host: 'example.com',
    path: '/',
    rawQuery: '',
    headers: {},
    clientAddress: '10.0.0.1',
  };
  return { ...plain, ...change };
}

function ruleOf(text: string): RuleNode {
  const result = parseRule(text, 'v3');
  if (!result.ok) throw new Error(`${text}: ${result.faults[0]?.message}`);
  return result.rule;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

/** The same letters in every run: a linear congruential generator with the constants of POSIX's rand_r example. */
function randomLetters(length: number): string {
  let state = 42;
  let letters = '';
  while (letters.length < length) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    letters += state > 2 ** 30 ? 'a' : 'b';
  }
  return letters;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await run();
