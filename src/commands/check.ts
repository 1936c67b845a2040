// `check`: reads the labels of compose files, or of what runs now, exactly as the gateway would, and says what is wrong; with
// --explain, what would become of a request.
import type { DynamicConfig } from '../model/dynamic-config.ts';
import { isServed } from '../model/explanation.ts';
import type { ReplicaHealth } from '../model/replica.ts';
import { explainNow } from '../rules/explain/explain.ts';
import { type QuestionParts, readQuestion } from '../rules/explain/read-question.ts';
import {
  type CheckSource,
  type GatewaySetting,
  joinSources,
  readEngine,
  readFile,
  resolveSource,
} from './check-sources.ts';
import { assumedAddress } from './compose-file.ts';
import { type Checked, describeCheck, describeDiagnostics } from './describe-check.ts';
import { describeExplanation } from './describe-explanation.ts';
import type { Terminal } from './terminal.ts';

/** What is checked, and how it is shown. */
export type CheckOptions = {
  /** Compose files. Empty: the usual names in the working directory, unless `docker` is set. */
  readonly files: readonly string[];
  readonly docker: boolean;
  readonly json: boolean;
  /** Compose project name; empty for the folder's. */
  readonly project: string;
  /** The request to explain; undefined where the labels themselves are the question. */
  readonly question: QuestionParts | undefined;
};

const usualFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/**
 * @returns 0 when there is no error, or the request in question would be served; 1 when there is one, or it would not; 2 when
 * something could not be read.
 */
export async function check(
  options: CheckOptions,
  setting: GatewaySetting,
  terminal: Terminal,
): Promise<number> {
  let sources: readonly CheckSource[];
  try {
    sources = await readSources(options, setting, terminal);
  } catch (error) {
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  return options.question === undefined
    ? report(sources.map(toChecked), options, terminal)
    : explainRequest(options.question, joinSources(sources, setting), options, terminal);
}

async function readSources(
  { docker, files, project }: CheckOptions,
  setting: GatewaySetting,
  terminal: Terminal,
): Promise<readonly CheckSource[]> {
  const engine = docker ? [await readEngine(setting)] : [];
  const paths = docker ? files : composeFiles(files, terminal);
  return [...engine, ...paths.map((path) => readFile(path, project, setting, terminal))];
}

function composeFiles(files: readonly string[], terminal: Terminal): readonly string[] {
  if (files.length > 0) return files;
  const found = usualFiles.find((name) => terminal.readFile(name) !== undefined);
  if (found !== undefined) return [found];
  throw new Error(`There is no ${usualFiles.join(', ')} here. Name a compose file, or use --docker.`);
}

function toChecked(source: CheckSource): Checked {
  const { config } = resolveSource(source);
  const isFile = source.name.includes('://') === false;
  return {
    source: source.name,
    config: isFile ? withoutImageDoubts(config) : config,
    faults: source.faults,
  };
}

function report(checked: readonly Checked[], { json }: CheckOptions, terminal: Terminal): number {
  const diagnostics = checked.flatMap(({ config }) => config.diagnostics);
  const faults = checked.flatMap((one) => one.faults);
  terminal.out(
    json ? `${JSON.stringify({ diagnostics, faults }, null, 2)}\n` : checked.map(describeCheck).join('\n'),
  );
  if (faults.length > 0) return 2;
  return diagnostics.some(({ severity }) => severity === 'error') ? 1 : 0;
}

/** Nobody checks the health of what a file describes, or of what this process only looks at. */
const unchecked: ReplicaHealth = { verdict: 'none', since: 0 };

function explainRequest(
  parts: QuestionParts,
  source: CheckSource,
  { json }: CheckOptions,
  terminal: Terminal,
): number {
  const read = readQuestion(parts);
  if (!read.ok) {
    terminal.err(`${read.message}\n`);
    return 2;
  }
  const { config, doors } = resolveSource(source);
  const explained = explainNow(read.question, config, { ...doors, healthOf: () => unchecked });
  const replicas = explained.replicas.map((step) => ({
    ...step,
    url: step.url.replace(assumedAddress, step.name),
  }));
  const explanation = { ...explained, replicas };
  const served = isServed(explanation.outcome);
  // The label that keeps a router from being there stands in the diagnostics only.
  const diagnostics = served ? [] : withoutImageDoubts(config).diagnostics;
  terminal.out(
    json
      ? `${JSON.stringify({ ...explanation, diagnostics, faults: source.faults }, null, 2)}\n`
      : describeExplanation(explanation, source.faults) + describeDiagnostics(diagnostics),
  );
  if (source.faults.length > 0) return 2;
  return served ? 0 : 1;
}

/** A file does not say which ports an image exposes, so a missing one is a doubt and not a fault. */
function withoutImageDoubts(config: DynamicConfig): DynamicConfig {
  const diagnostics = config.diagnostics.map((found) =>
    found.code === 'missing-port'
      ? {
          ...found,
          severity: 'warning' as const,
          message: `${found.message} (Unless its image has EXPOSE, which a file does not show.)`,
        }
      : found,
  );
  return { ...config, diagnostics };
}
