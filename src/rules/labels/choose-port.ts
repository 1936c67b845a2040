// Which port of a container a service uses. Source: Traefik v3.7, provider/docker/shared.go, getPort.
import type { ContainerRecord } from '../../model/container.ts';
import type { Note } from '../declare/object-report.ts';
import type { LabelNames } from './label-names.ts';

/** The port, and what is to be said of the choice. */
export type PortChoice = { readonly port?: number; readonly note?: Note };

/**
 * The labelled port, else the lowest exposed port of the protocol (published ones are exposed too). Several exposed ones give a
 * warning that names the choice; none, or a label that is no port, an error and no port.
 */
export function choosePort(
  record: Pick<ContainerRecord, 'exposedPorts' | 'portBindings'>,
  labelled: string | undefined,
  service: string,
  names: LabelNames,
  wanted: 'tcp' | 'udp' = 'tcp',
): PortChoice {
  // Asked for only when something is wrong: that is rare, and finding it reads all labels.
  const label = () => names.of('service', service, 'loadbalancer.server.port');
  if (labelled !== undefined && labelled !== '') return checkLabelled(labelled, label);
  const exposed = [...record.exposedPorts, ...record.portBindings]
    .filter(({ protocol }) => protocol === wanted)
    .map(({ port }) => port);
  const ports = [...new Set(exposed)].sort((one, other) => one - other);
  const [port] = ports;
  if (port === undefined) {
    const note: Note = {
      severity: 'error',
      code: 'missing-port',
      message: `The container exposes no ${wanted.toUpperCase()} port, and no label says on which port service ${service} listens.`,
      hint: `Set ${label()}, or expose the port.`,
    };
    return { note };
  }
  if (ports.length === 1) return { port };
  const note: Note = {
    severity: 'warning',
    code: 'ambiguous-port',
    message: `The container exposes the ports ${ports.join(', ')}, and none is chosen; ${port}, the lowest, is used.`,
    hint: `Set ${label()}.`,
  };
  return { port, note };
}

function checkLabelled(labelled: string, label: () => string): PortChoice {
  const port = /^\d{1,5}$/.test(labelled) ? Number(labelled) : 0;
  if (port >= 1 && port <= 65_535) return { port };
  const note: Note = {
    severity: 'error',
    code: 'wrong-type',
    label: `${label()}=${labelled.slice(0, 60)}`,
    message: `${JSON.stringify(labelled.slice(0, 60))} is no port.`,
    hint: 'Write a number from 1 to 65535.',
  };
  return { note };
}
