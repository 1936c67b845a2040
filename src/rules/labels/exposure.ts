// Whether a container is routed at all. Source: Traefik v3.7, provider/docker/config.go, keepContainer.
import type { ContainerRecord } from '../../model/container.ts';
import type { ObjectReport } from '../declare/object-report.ts';
import type { LabelOptions } from './label-options.ts';
import type { ReadLabels } from './read-labels.ts';

/** `no, but linted`: it is not routed, and the faults of its labels are shown, because one may be the reason. */
export type Exposure = 'yes' | 'no' | 'no, but linted';

/** Judges a container by its state, `enable`, exposedByDefault and the constraints; tells `report` what surprises. */
export function exposure(
  record: ContainerRecord,
  { tree, isLabelled, names }: ReadLabels,
  report: ObjectReport,
  options: LabelOptions,
): Exposure {
  if (isGone(record) && tree.docker?.allowNonRunning !== true) return 'no';
  if (tree.enable === false) return 'no';
  const self = { kind: 'container' as const, name: record.name };
  // A value of `enable` that cannot be read drops the container, as in Traefik: it may have meant no.
  const isUnreadable = report
    .of('container', record.name)
    .some(({ code, label }) => isEnableFault(code, label));
  if (isUnreadable) return 'no, but linted';
  if (tree.enable === undefined && !options.exposedByDefault) {
    if (!isLabelled) return 'no';
    report.add(self, {
      severity: 'warning',
      code: 'ignored',
      message: 'The container is not routed: exposedByDefault is false, and no label enables it.',
      hint: `Set ${names.own('enable')}=true.`,
      fix: `${names.own('enable')}=true`,
    });
    return 'no, but linted';
  }
  if (!options.constraints.matches(record.labels)) {
    if (!isLabelled) return 'no';
    report.add(self, {
      severity: 'info',
      code: 'constraint',
      message: 'The container is not routed: its labels do not meet the constraints of the provider.',
    });
    return 'no, but linted';
  }
  return 'yes';
}

/** `restarting` is on its way back and keeps its routes. */
function isGone({ state }: ContainerRecord): boolean {
  return state === 'exited' || state === 'dead' || state === 'removing';
}

function isEnableFault(code: string, label: string | undefined): boolean {
  return code === 'wrong-type' && /^(traefik|berth)\.enable(=|$)/i.test(label ?? '');
}
