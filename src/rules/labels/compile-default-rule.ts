// The provider's defaultRule: a Go template over the container. Source: Traefik v3.7 "defaultRule".
import type { ContainerRecord } from '../../model/container.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { defaultServiceName } from './service-name.ts';
import { compileTemplate, type Rendered } from './template/compile-template.ts';

/** A compiled template. */
export type DefaultRule = {
  /** The rule of a container, or why there is none: one sentence. */
  readonly render: (container: Pick<ContainerRecord, 'name' | 'labels'>) => Rendered;
  /** What is wrong with the template itself; then no container has a default rule. */
  readonly faults: readonly Diagnostic[];
};

/** Compiles the option `defaultRule` of a provider. Never throws. */
export function compileDefaultRule(source: string, provider: string): DefaultRule {
  const compiled = compileTemplate(source);
  if (!compiled.ok) {
    const { message, position } = compiled;
    const fault: Diagnostic = {
      severity: 'error',
      code: 'template',
      provider,
      object: { kind: 'option', name: `providers.${provider}.defaultRule` },
      label: source,
      position,
      message: `The defaultRule is not a template that can be used: ${message}`,
      hint: 'Write a Go template such as Host(`{{ normalize .Name }}`).',
    };
    return {
      faults: [fault],
      render: () => ({ ok: false, message: `The defaultRule is faulty: ${message}` }),
    };
  }
  const { template } = compiled;
  return {
    faults: [],
    render(container) {
      const labels = { fields: new Map(Object.entries(container.labels)) };
      const rendered = template.render({
        fields: new Map<string, string | typeof labels>([
          ['Name', defaultServiceName(container)],
          ['ContainerName', container.name],
          ['Labels', labels],
        ]),
      });
      if (!rendered.ok || rendered.text.trim() !== '') return rendered;
      return { ok: false, message: 'The defaultRule gives an empty rule for this container.' };
    },
  };
}
