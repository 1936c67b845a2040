// The Docker provider with its defaults (Traefik v3.7 "Docker"). Pure.
import type { DockerProvider } from '../../model/startup.ts';
import type { DockerProviderOptions } from '../../model/startup-config.ts';

/** Fills the defaults in. */
export function resolveDocker(options: DockerProviderOptions): DockerProvider {
  const tls = options.tls;
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
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ca: tls.ca ?? '',
            cert: tls.cert ?? '',
            key: tls.key ?? '',
            insecureSkipVerify: tls.insecureSkipVerify ?? false,
          },
        }),
  };
}
