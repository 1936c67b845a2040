// What a container's objects are called where no label names them. Source: Traefik v3.7, provider/docker/config.go.
import type { ContainerRecord } from '../../model/container.ts';
import { normalizeName } from './template/template-functions.ts';

const projectLabel = 'com.docker.compose.project';
const serviceLabel = 'com.docker.compose.service';
const oneOffLabel = 'com.docker.compose.oneoff';

type Labelled = Pick<ContainerRecord, 'name' | 'labels'>;

/** `service-project` for a container of Compose, else the container's name; everything but letters and digits is a dash. */
export function defaultServiceName(container: Labelled): string {
  const [service, project] = [labelOf(container, serviceLabel), labelOf(container, projectLabel)];
  return normalizeName(
    service === undefined || project === undefined ? container.name : `${service}_${project}`,
  );
}

/** The Compose service that the container is a replica of, unique among projects; undefined outside Compose. */
export function composeService(container: Labelled): string | undefined {
  const [service, project] = [labelOf(container, serviceLabel), labelOf(container, projectLabel)];
  return service && project ? `${project}/${service}` : undefined;
}

/** The Compose project; undefined outside Compose. */
export function composeProject(container: Labelled): string | undefined {
  return labelOf(container, projectLabel);
}

/** Whether it is a one-off container of `docker compose run`, which is no replica of its service. */
export function isOneOff(container: Labelled): boolean {
  return labelOf(container, oneOffLabel) === 'True';
}

function labelOf({ labels }: Labelled, name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}
