// One entry point of Traefik's static configuration, as far as Berth has it. Source: Traefik v3.7 "EntryPoints" reference.
import type { Static } from 'typebox';
import { encodedCharactersFields } from './encoded-characters.ts';
import { bytes, duration, flag, integer, notYet, optional, section, text, textList } from './fields.ts';
import { tlsSection } from './tls-section.ts';

const redirectionSchema = section(
  {
    to: optional(text({ description: 'Entry point to redirect to, or a port such as `:443`; required.' })),
    scheme: optional(text({ description: 'Scheme to redirect to.', default: 'https' })),
    permanent: optional(flag({ description: 'Whether the redirection is permanent.', default: true })),
    priority: optional(
      integer({ description: 'Priority of its router; above that of every other one if absent.' }),
    ),
  },
  { description: 'Redirects to another entry point.' },
);

/** An entry point as flags, variables and files write it. */
export const entryPointSchema = section(
  {
    address: optional(text({ description: '[host]:port[/tcp|/udp] to listen on; required.' })),
    asDefault: optional(
      flag({ description: 'Routers that name no entry point use this one.', default: false }),
    ),
    reusePort: optional(
      flag({ description: 'Several processes may listen on the port (SO_REUSEPORT).', default: false }),
    ),
    forwardedHeaders: optional(
      section(
        {
          insecure: optional(flag({ description: 'Trust X-Forwarded-* of everybody.', default: false })),
          trustedIPs: optional(
            textList({ description: 'Addresses and networks whose X-Forwarded-* are trusted.' }),
          ),
          connection: optional(
            textList({ description: 'Fields that Connection may name and that are passed on.' }),
          ),
          notAppendXForwardedFor: optional(
            flag({ description: 'Do not append to X-Forwarded-For.', default: false }),
          ),
        },
        { description: 'Whose X-Forwarded-* fields are trusted.' },
      ),
    ),
    transport: optional(
      section(
        {
          lifeCycle: optional(
            section(
              {
                requestAcceptGraceTimeout: optional(
                  duration({
                    description: 'How long requests are still accepted after SIGTERM.',
                    default: 0,
                  }),
                ),
                graceTimeOut: optional(
                  duration({
                    description: 'How long requests under way may go on after SIGTERM.',
                    default: 10_000,
                  }),
                ),
              },
              { description: 'What happens at the end.' },
            ),
          ),
          respondingTimeouts: optional(
            section(
              {
                readTimeout: optional(
                  duration({
                    description: 'Time limit for reading a whole request, body included; 0 is none.',
                    default: 60_000,
                  }),
                ),
                writeTimeout: optional(
                  duration({
                    description: 'Time limit for writing a whole response; 0 is none.',
                    default: 0,
                  }),
                ),
                idleTimeout: optional(
                  duration({
                    description: 'How long an idle keep-alive connection stays open.',
                    default: 180_000,
                  }),
                ),
                stallTimeout: optional(
                  duration({
                    description:
                      'How long a client may take not one byte of what is ready for it before it is cut; 0 is no limit.',
                    default: 50_000,
                  }),
                ),
              },
              { description: 'Time limits towards clients.' },
            ),
          ),
          keepAliveMaxRequests: optional(
            integer({
              description: 'Requests served on one connection before it is closed; 0 is no limit.',
              default: 0,
            }),
          ),
          keepAliveMaxTime: optional(
            duration({ description: 'Age at which a connection is closed; 0 is no limit.', default: 0 }),
          ),
        },
        { description: 'Life cycle and time limits.' },
      ),
    ),
    http: optional(
      section(
        {
          sanitizePath: optional(flag({ description: 'Collapse //, . and .. in paths.', default: true })),
          maxHeaderBytes: optional(bytes({ description: 'Largest request head.', default: 1_048_576 })),
          middlewares: optional(
            textList({
              description:
                'Run before those of every router; names without a provider are of the provider of the router.',
            }),
          ),
          redirections: optional(
            section(
              { entryPoint: optional(redirectionSchema) },
              { description: 'Redirects everything that comes here.' },
            ),
          ),
          tls: optional(
            tlsSection('Routers that have no tls of their own answer only TLS connections here.'),
          ),
          encodeQuerySemicolons: notYet('Encode ; in queries.'),
          encodedCharacters: optional(
            section(encodedCharactersFields, {
              description:
                'Which encoded characters paths may hold; if absent, %25, %3F and %23, unless a middleware allows others.',
            }),
          ),
          aliasHeadersStrategy: notYet('What to do with X_Foo beside X-Foo.'),
        },
        { description: 'HTTP settings.' },
      ),
    ),
    observability: optional(
      section(
        {
          accessLogs: optional(flag({ description: 'Log requests.', default: true })),
          metrics: optional(flag({ description: 'Count requests.', default: true })),
          tracing: notYet('Trace requests.'),
          traceVerbosity: notYet('How much a trace holds.'),
        },
        { description: 'Defaults for the routers of the entry point.' },
      ),
    ),
    proxyProtocol: optional(
      section(
        {
          insecure: optional(flag({ description: 'Believe the PROXY header of everybody.', default: false })),
          trustedIPs: optional(
            textList({ description: 'Addresses and networks whose PROXY header is believed.' }),
          ),
        },
        { description: 'Connections may begin with a header of the PROXY protocol, version 1 or 2.' },
      ),
    ),
    http2: optional(
      section(
        {
          maxConcurrentStreams: optional(
            integer({ description: 'Requests that one connection may have under way.', default: 250 }),
          ),
          maxDecoderHeaderTableSize: optional(
            integer({ description: 'Bytes of the table that compressed request heads use.', default: 4096 }),
          ),
          maxEncoderHeaderTableSize: optional(
            integer({ description: 'Bytes of the table that compressed response heads use.', default: 4096 }),
          ),
        },
        { description: 'HTTP/2 settings.' },
      ),
    ),
    http3: notYet(
      'HTTP/3.',
      true,
      'The Node that Berth runs on is built without QUIC. Clients of the entry point keep to TCP.',
    ),
    udp: optional(
      section(
        {
          timeout: optional(
            duration({
              description: 'How long a session may be silent on both sides before it ends.',
              default: 3_000,
            }),
          ),
          maxSessions: optional(
            integer({
              description: 'Most sessions that one worker keeps on this entry point. Berth’s own option.',
              default: 4_096,
            }),
          ),
        },
        { description: 'Settings of UDP entry points.' },
      ),
    ),
    allowACMEByPass: notYet('Let routers answer ACME challenges.'),
  },
  { description: 'A port to listen on.' },
);

/** One entry point as written. */
export type EntryPointOptions = Static<typeof entryPointSchema>;
