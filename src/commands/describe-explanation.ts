// An explanation for people. Pure.
import {
  type Explanation,
  isServed,
  type MiddlewareStep,
  type ReplicaStep,
  type RouterTrial,
} from '../model/explanation.ts';

/** The trace from the entry point to the replicas, then what becomes of the request and what to do. */
export function describeExplanation(explanation: Explanation, faults: readonly string[] = []): string {
  const { question, outcome, entryPoint, routers, otherRouters, middlewares, service, replicas } =
    explanation;
  const { method, scheme, host, port, path, query, client } = question;
  const lines = [`${method} ${scheme}://${host}:${port}${path}${query}  from ${client}`];
  for (const fault of faults) lines.push(`  cannot be read: ${fault}`);
  if (entryPoint !== undefined) lines.push('', `Entry point  ${entryPoint.name}: ${entryPoint.reason}`);
  if (routers.length > 0) lines.push('', 'Routers', ...routers.flatMap(describeTrial));
  if (otherRouters > 0) lines.push(`  … and ${otherRouters} more that do not take it`);
  if (middlewares.length > 0) lines.push('', 'Middlewares', ...middlewares.flatMap(describeMiddleware));
  if (service !== undefined) {
    const mark = service.status === 'disabled' ? '✖' : '✔';
    lines.push(
      '',
      'Service',
      `  ${mark} ${service.name}`,
      ...service.errors.map((error) => `      ${error}`),
    );
  }
  if (replicas.length > 0) lines.push('', 'Replicas', ...replicas.map(describeReplica));
  const { status, text, hint } = outcome;
  lines.push('', `${isServed(outcome) ? '✔' : '✖'} ${status === undefined ? '' : `${status}: `}${text}`);
  if (hint !== undefined) lines.push(`  → ${hint}`);
  return `${lines.join('\n')}\n`;
}

function describeTrial({ name, rule, priority, verdict, reasons }: RouterTrial): readonly string[] {
  const mark = verdict === 'chosen' ? '✔' : verdict === 'outranked' ? '·' : '✖';
  return [
    `  ${mark} ${name}  ${rule}  (priority ${priority})`,
    ...reasons.map((reason) => `      ${reason}`),
  ];
}

function describeMiddleware({ name, kind, status, errors }: MiddlewareStep): readonly string[] {
  const mark = status === 'disabled' ? '✖' : status === 'warning' ? '!' : '✔';
  return [`  ${mark} ${name}  ${kind}`, ...errors.map((error) => `      ${error}`)];
}

function describeReplica({ name, url, isReady, reason }: ReplicaStep): string {
  const address = url === '' || url === name ? '' : `  ${url}`;
  return `  ${isReady ? '✔' : '✖'} ${name}${address}${reason === undefined ? '' : `  ${reason}`}`;
}
