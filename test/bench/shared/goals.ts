// Pure: the figures that Berth has set itself, and whether results reach them.
import type { ResultRow } from './report-comparison.ts';
import { toFigure } from './statistics.ts';

/** Rows of a suite; empty when it was not run. */
export type Results = (suite: string, logs: boolean) => readonly ResultRow[];

export type Goal = {
  readonly work: string;
  /** As people read it. */
  readonly goal: string;
  readonly judge: (own: string, results: Results, logs: boolean) => Judgement;
};

export type Judgement = {
  readonly figure: number;
  /** What it was compared with: name, figure, ratio, and whether the ratio is as wanted. */
  readonly beside: readonly {
    readonly name: string;
    readonly figure: number;
    readonly ratio: number;
    /** Undefined when one of them was not measured. */
    readonly reached: boolean | undefined;
  }[];
};

type Comparator = 'at most' | 'at least';

/** The rows of the table "Figures to reach", in its order. */
export const goals: readonly Goal[] = [
  besidePeers('HTTP/1.1 1 KiB, CPU µs per request', 'http1', 'cpu', 'at most', {
    ...{ nginx: 1.1, Envoy: 0.5, Traefik: 0.35 },
  }),
  besidePeers('TLS HTTP/1.1, CPU µs per request', 'tls', 'cpu', 'at most', { Envoy: 0.55, Traefik: 0.5 }),
  besidePeers('HTTP/2 over TLS, CPU µs per request', 'h2', 'cpu', 'at most', { Envoy: 0.75, Traefik: 0.5 }),
  besidePeers('gRPC unary h2c → h2c, CPU µs per call', 'grpc', 'cpu', 'at most', { Envoy: 1 }),
  limit('idle WebSocket, KB each', 'websocket-idle', 'each', 6),
  besidePeers('WebSocket echo, CPU µs per message', 'websocket-echo', 'cpu', 'at most', { Traefik: 0.5 }),
  besideItself('10,000 routers, CPU µs per request', '≤ 1.1 × the cost at 10', ['match', '10000', 'cpu'], {
    ...{ case: '10', most: 1.1 },
  }),
  besidePeers(
    '1 GB body down, MB/s per core',
    'bodies',
    'perCore',
    'at least',
    { nginx: 0.8 },
    'down, Content-Length',
  ),
  besidePeers(
    '1 GB body up, MB/s per core',
    'bodies',
    'perCore',
    'at least',
    { nginx: 0.8 },
    'up, Content-Length',
  ),
  {
    work: 'a configuration change every 100 ms, p99 ms',
    goal: 'p99 ≤ 1.2 × steady, 0 failures',
    judge(own, results, logs) {
      const figures = find(results('reload', logs), own, '')?.figures ?? {};
      const { p99 = Number.NaN, steady = Number.NaN, ratio = Number.NaN, failed = Number.NaN } = figures;
      return {
        figure: p99,
        beside: [
          { name: 'steady', figure: steady, ratio, reached: verdict(ratio, 'at most', 1.2) },
          { name: 'failures', figure: failed, ratio: Number.NaN, reached: verdict(failed, 'at most', 0) },
        ],
      };
    },
  },
  besidePeers(
    'added p99 at 50 % load, ms',
    'latency',
    'added99',
    'at most',
    { Envoy: 1 },
    'half of its capacity',
  ),
  {
    work: 'two workers on two cores, requests/s computed as 2 × CPU at one ÷ CPU at two × evenness',
    goal: '≥ 1.8 × one',
    judge(own, results, logs) {
      const rows = results('workers', logs);
      const one = find(rows, own, '1 worker')?.figures ?? {};
      const two = find(rows, own, '2 workers')?.figures ?? {};
      const cpu = (one['cpu'] ?? Number.NaN) / (two['cpu'] ?? Number.NaN);
      const ratio = 2 * cpu * (two['evenness'] ?? Number.NaN);
      const beside = { name: 'one', figure: 1, ratio, reached: verdict(ratio, 'at least', 1.8) };
      return { figure: ratio, beside: [beside] };
    },
  },
  limit('memory, one worker, at rest after load, RSS MB', 'memory', 'rest', 110),
  limit('the same, shared pages counted once (PSS), MB', 'memory', 'pss', 110),
  limitOfAll('the slowest answer to a harmless client during floods, ms', 'floods', 'worst', 250),
  limitOfAll('memory after a flood, MB more', 'floods', 'after', 64),
];

function besidePeers(
  work: string,
  suite: string,
  measure: string,
  comparator: Comparator,
  factors: Readonly<Record<string, number>>,
  caseName = '',
): Goal {
  const sign = comparator === 'at most' ? '≤' : '≥';
  const goal = Object.entries(factors).map(([peer, factor]) => `${sign} ${factor} × ${peer}`);
  return {
    work,
    goal: goal.join(', '),
    judge(own, results, logs) {
      const rows = results(suite, logs);
      const figureOf = (gateway: string) => find(rows, gateway, caseName)?.figures[measure] ?? Number.NaN;
      const figure = figureOf(own);
      const beside = Object.entries(factors).map(([name, factor]) => {
        const other = figureOf(name);
        // Not by the ratio: a difference may be 0 or less.
        const bound = comparator === 'at most' ? figure - factor * other : factor * other - figure;
        return { name, figure: other, ratio: figure / other, reached: verdict(bound, 'at most', 0) };
      });
      return { figure, beside };
    },
  };
}

function besideItself(
  work: string,
  goal: string,
  [suite, caseName, measure]: readonly [suite: string, caseName: string, measure: string],
  other: { readonly case: string; readonly most: number },
): Goal {
  return {
    work,
    goal,
    judge(own, results, logs) {
      const rows = results(suite, logs);
      const [figure = Number.NaN, base = Number.NaN] = [caseName, other.case].map(
        (name) => find(rows, own, name)?.figures[measure],
      );
      const ratio = figure / base;
      const beside = {
        name: other.case,
        figure: base,
        ratio,
        reached: verdict(ratio, 'at most', other.most),
      };
      return { figure, beside: [beside] };
    },
  };
}

function limit(work: string, suite: string, measure: string, most: number): Goal {
  return {
    work,
    goal: `≤ ${toFigure(most)}`,
    judge(own, results, logs) {
      const figure = find(results(suite, logs), own, '')?.figures[measure] ?? Number.NaN;
      const beside = {
        ...{ name: 'goal', figure: most, ratio: figure / most },
        reached: verdict(figure, 'at most', most),
      };
      return { figure, beside: [beside] };
    },
  };
}

/** For the worst of a suite's cases. */
function limitOfAll(work: string, suite: string, measure: string, most: number): Goal {
  return {
    work,
    goal: `≤ ${toFigure(most)}`,
    judge(own, results, logs) {
      const figures = results(suite, logs)
        .filter(({ gateway }) => gateway === own)
        .map((row) => row.figures[measure] ?? Number.NaN);
      const figure = figures.length === 0 ? Number.NaN : Math.max(...figures);
      const ratio = figure / most;
      return {
        figure,
        beside: [{ name: 'goal', figure: most, ratio, reached: verdict(figure, 'at most', most) }],
      };
    },
  };
}

function find(rows: readonly ResultRow[], gateway: string, caseName: string): ResultRow | undefined {
  return rows.find((row) => row.gateway === gateway && row.case === caseName);
}

function verdict(value: number, comparator: Comparator, bound: number): boolean | undefined {
  if (Number.isNaN(value)) return undefined;
  return comparator === 'at most' ? value <= bound : value >= bound;
}
