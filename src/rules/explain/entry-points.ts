// Which entry point a request comes by.
import type { EncodedCharactersOptions } from '../../model/encoded-characters.ts';
import type { Explanation, Outcome, Question } from '../../model/explanation.ts';

/** An entry point, as far as it matters here. */
export type AskedEntryPoint = {
  readonly name: string;
  /** Where it listens; absent where nobody said so. */
  readonly port?: number;
  readonly sanitizePath?: boolean;
  readonly encodedCharacters?: EncodedCharactersOptions;
};

/** Where requests come in: entry points, and which of their ports are published under another number (outside → inside). */
export type Doors = {
  readonly entryPoints: readonly AskedEntryPoint[];
  readonly published: ReadonlyMap<number, number>;
};

/** The entry point and how it was found, or that nobody hears the request. */
export type Entrance =
  | { readonly entryPoint: AskedEntryPoint; readonly told: NonNullable<Explanation['entryPoint']> }
  | { readonly entryPoint: undefined; readonly outcome: Outcome };

/** By name where the question names one, else by port. */
export function findEntrance({ entryPoint: wanted, port, isPortNamed }: Question, doors: Doors): Entrance {
  const { entryPoints, published } = doors;
  if (wanted !== '') {
    const named = entryPoints.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
    if (named !== undefined) return enter(named, 'It was asked for.');
    return notHeard(`There is no entry point ${wanted}.`, entryPoints);
  }
  const inside = published.get(port);
  const byPort = entryPoints.find((one) => one.port === (inside ?? port));
  if (byPort !== undefined) {
    const way = inside === undefined || inside === port ? '' : `, which is published as ${port}`;
    return enter(byPort, `It listens on port ${inside ?? port}${way}.`);
  }
  const [only] = entryPoints;
  if (only !== undefined && entryPoints.length === 1 && (!isPortNamed || only.port === undefined)) {
    return enter(only, 'It is the only one.');
  }
  if (entryPoints.length > 0 && entryPoints.every((one) => one.port === undefined)) {
    const outcome = notHeard('Nobody said which entry point listens on which port.', entryPoints);
    return { ...outcome, outcome: { ...outcome.outcome, hint: nameOne(entryPoints) } };
  }
  return notHeard(`Nothing listens on port ${port}: the connection is refused.`, entryPoints);
}

function enter(entryPoint: AskedEntryPoint, reason: string): Entrance {
  return { entryPoint, told: { name: entryPoint.name, reason } };
}

function notHeard(text: string, entryPoints: readonly AskedEntryPoint[]) {
  const known = entryPoints.map(({ name, port }) => (port === undefined ? name : `${name} (:${port})`));
  const hint =
    known.length === 0
      ? 'There is no entry point at all. Add one: --entryPoints.web.address=:80.'
      : `Entry points are ${known.join(', ')}. If the port is published under another number, name the entry point.`;
  return { entryPoint: undefined, outcome: { kind: 'not-heard', text, hint } satisfies Outcome };
}

function nameOne(entryPoints: readonly AskedEntryPoint[]): string {
  return `Name the entry point: ${entryPoints.map(({ name }) => name).join(', ')}.`;
}
