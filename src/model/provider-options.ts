// Options of providers as a user writes them. Source: Traefik v3.7 "Providers" reference. Durations are milliseconds once
// decoded.
import type { Static } from 'typebox';
import { bytes, duration, flag, integer, optional, section, text, textList, textMap } from './fields.ts';

/** TLS towards where a provider reads from. */
const clientTls = (place: string) =>
  optional(
    section(
      {
        ca: optional(text({ description: `File with the certificate authorities of ${place}.` })),
        cert: optional(text({ description: 'File with the client certificate.' })),
        key: optional(text({ description: 'File with the client key.', secret: true })),
        insecureSkipVerify: optional(
          flag({ description: `Do not verify the certificate of ${place}.`, default: false }),
        ),
      },
      { description: `TLS towards ${place}.` },
    ),
  );

/** A Docker Engine. */
export const dockerProviderSchema = section(
  {
    endpoint: optional(
      text({
        description: 'Engine to follow: unix://, tcp://, http://, https:// or ssh://.',
        default: 'unix:///var/run/docker.sock',
      }),
    ),
    exposedByDefault: optional(
      flag({ description: 'Route containers without traefik.enable=true.', default: true }),
    ),
    network: optional(
      text({ description: 'Network whose addresses are used, if a label names none.', default: '' }),
    ),
    defaultRule: optional(
      text({
        description: 'Go template for the rule of routers without one.',
        default: 'Host(`{{ normalize .Name }}`)',
      }),
    ),
    constraints: optional(
      text({ description: 'Expression over labels that containers must meet.', default: '' }),
    ),
    allowEmptyServices: optional(
      flag({
        description:
          'Accepted for compatibility: in Berth a router always exists as long as its container does.',
        default: false,
      }),
    ),
    useBindPortIP: optional(
      flag({ description: 'Use the host’s address and published port.', default: false }),
    ),
    watch: optional(flag({ description: 'Follow the Engine’s events.', default: true })),
    httpClientTimeout: optional(
      duration({ description: 'Time limit of one Engine call; 0 is none.', default: 0 }),
    ),
    username: optional(text({ description: 'User for an Engine behind HTTP basic authentication.' })),
    password: optional(text({ description: 'Password for the same.', secret: true })),
    tls: clientTls('the Engine'),
  },
  { description: 'Follow a Docker Engine.', allowEmpty: true },
);

/** Files. */
export const fileProviderSchema = section(
  {
    filename: optional(text({ description: 'File with routes: YAML, TOML or JSON, by its ending.' })),
    directory: optional(
      text({ description: 'Directory of such files, sub-directories included; excludes filename.' }),
    ),
    watch: optional(flag({ description: 'Follow changes of the files.', default: true })),
    debugLogGeneratedTemplate: optional(
      flag({ description: 'Log what the templates in files come to.', notYet: true }),
    ),
  },
  { description: 'Follow files.' },
);

/** An HTTP endpoint. */
export const httpProviderSchema = section(
  {
    endpoint: optional(text({ description: 'URL whose answer holds routes: YAML or JSON.' })),
    pollInterval: optional(duration({ description: 'Time between two requests.', default: 5_000 })),
    pollTimeout: optional(duration({ description: 'Time limit of one request.', default: 5_000 })),
    headers: optional(textMap({ description: 'Header fields of the request.', secret: true })),
    tls: clientTls('the endpoint'),
    maxResponseBodySize: optional(
      bytes({ description: 'Longest answer in bytes; negative for no limit.', default: -1 }),
    ),
  },
  { description: 'Ask an HTTP endpoint.', allowEmpty: true },
);

/** A Redis or Valkey server. */
export const redisProviderSchema = section(
  {
    endpoints: optional(
      textList({
        description: 'Address of the server, host:port; with a sentinel those of all sentinels.',
        default: ['127.0.0.1:6379'],
      }),
    ),
    rootKey: optional(text({ description: 'What all keys begin with.', default: 'traefik' })),
    username: optional(text({ description: 'User of the server.' })),
    password: optional(text({ description: 'Password for the same.', secret: true })),
    db: optional(integer({ description: 'Number of the database.', default: 0 })),
    tls: clientTls('the server'),
    sentinel: optional(
      section(
        {
          masterName: optional(text({ description: 'Name of the master.' })),
          username: optional(text({ description: 'User of the sentinels.' })),
          password: optional(text({ description: 'Password for the same.', secret: true })),
          replicaStrategy: optional(
            flag({ description: 'Read from a replica in place of the master.', default: false }),
          ),
          latencyStrategy: optional(flag({ description: 'Read from the nearest server.', notYet: true })),
          randomStrategy: optional(flag({ description: 'Read from any server.', notYet: true })),
          useDisconnectedReplicas: optional(
            flag({ description: 'Read from replicas that have lost their master too.', notYet: true }),
          ),
        },
        { description: 'Sentinels tell which server is the master.' },
      ),
    ),
  },
  { description: 'Follow the keys of a Redis or Valkey server.', allowEmpty: true },
);

/** As written. */
export type RedisProviderOptions = Static<typeof redisProviderSchema>;
/** As written. */
export type DockerProviderOptions = Static<typeof dockerProviderSchema>;
/** As written. */
export type FileProviderOptions = Static<typeof fileProviderSchema>;
/** As written. */
export type HttpProviderOptions = Static<typeof httpProviderSchema>;
/** As written. */
export type ClientTlsOptions = NonNullable<HttpProviderOptions['tls']>;
