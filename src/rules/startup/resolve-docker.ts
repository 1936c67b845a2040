// The Docker provider with its defaults (Traefik v3.7 "Docker"). Pure.

import type { DockerProviderOptions } from '../../model/provider-options.ts';
import type { DockerProvider } from '../../model/startup.ts';
import { resolveClientTls } from './resolve-client-tls.ts';

/** Fills the defaults in. */
export function resolveDocker(options: DockerProviderOptions): DockerProvider {
  return {
    endpoint: options.endpoint ?? 'unix:///var/run/docker.sock',
    exposedByDefault: options.exposedByDefault ?? true,
    network: options.network ?? '',
    defaultRule: options.defaultRule ?? 'Host(`{{ normalize .Name }}`)',
    constraints: options.constraints ?? '',
    useBindPortIP: options.useBindPortIP ?? false,
    watch: options.watch ?? true,
    httpClientTimeoutMs: options.httpClientTimeout ?? 0,
    username: options.username ?? '',
    password: options.password ?? '',
    ...resolveClientTls(options.tls),
  };
}
