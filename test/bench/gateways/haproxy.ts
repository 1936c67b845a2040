// HAProxy, from the distribution's packages.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.ts';
import { startPinned } from '../shared/processes.ts';
import { type Gateway, hostOf, type Site } from '../shared/site.ts';

export const haproxy: Gateway = {
  name: 'HAProxy',
  version() {
    try {
      return /version (\d+\.\d+\.\d+)/.exec(execFileSync('haproxy', ['-v'], { encoding: 'utf8' }))?.[1];
    } catch {
      return undefined;
    }
  },
  async start(site, folder) {
    const port = await freePort();
    const configFile = join(folder, 'haproxy.cfg');
    writeFileSync(configFile, haproxyConfig(site, port, folder));
    const child = startPinned('haproxy', ['-q', '-db', '-f', configFile], {
      cores: site.cores,
      ...(site.logs ? { outputFile: join(folder, 'access.log') } : {}),
    });
    return { port, ...child };
  },
};

function haproxyConfig(site: Site, port: number, folder: string): string {
  const { replicas, tls, protocol, routers, logs, workers, pathPrefix } = site;
  const pemFile = join(folder, 'both.pem');
  if (tls)
    writeFileSync(pemFile, readFileSync(tls.certificateFile, 'utf8') + readFileSync(tls.keyFile, 'utf8'));
  const bind = tls ? `ssl crt ${pemFile} alpn h2,http/1.1` : protocol === 'h2c' ? 'proto h2' : '';
  // A map, as its own manual advises for many hosts: no linear search.
  const mapFile = join(folder, 'hosts.map');
  writeFileSync(mapFile, Array.from({ length: routers }, (_, router) => `${hostOf(router)} app\n`).join(''));
  const server = protocol === 'h2c' ? 'proto h2' : '';
  return `global
  nbthread ${workers}
  maxconn 9500
  ${logs ? 'log stdout format raw local0' : ''}
defaults
  mode http
  ${logs ? 'log global' : ''}
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  timeout tunnel 1h
  http-reuse always
  option forwardfor
  option redispatch
  option http-no-delay
frontend web
  bind 127.0.0.1:${port} backlog 4096 ${bind}
  ${logs ? `log-format '{"time":"%t","client":"%ci","method":"%HM","uri":"%HU","status":%ST,"bytes":%B,"took":%Ta,"upstream":"%s"}'` : ''}
  http-request set-header X-Forwarded-Proto ${tls ? 'https' : 'http'}
  acl below_prefix path_beg ${pathPrefix}
  use_backend %[req.hdr(host),host_only,lower,map(${mapFile},nowhere)] if below_prefix
  default_backend nowhere
backend app
  balance roundrobin
${replicas.map((replica, at) => `  server r${at} 127.0.0.1:${replica} ${server}`).join('\n')}
backend nowhere
  http-request return status 404
`;
}
