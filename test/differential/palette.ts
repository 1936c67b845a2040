// What the cases of the comparison with Traefik are made of: rules, middlewares and requests as people write them, with the
// corners that they meet.
import { type Choices, pick } from '../fuzz/choices.ts';

/** Options below `traefik.http.middlewares.<name>.`; `$$` is not doubled, labels come from the Engine. */
type Options = Readonly<Record<string, string>>;

/** One definition of each way in which a kind is used. `upstream` is the origin of the replica. */
export function middlewarePalette(upstream: string): readonly Options[] {
  return [
    { 'addprefix.prefix': '/added' },
    { 'stripprefix.prefixes': '/api,/v1' },
    { 'stripprefix.prefixes': '/v1/' },
    { 'stripprefixregex.regex': '/v[0-9]+' },
    { 'stripprefixregex.regex': '^/[a-z]+/' },
    { 'replacepath.path': '/replaced' },
    { 'replacepath.path': '/re placed' },
    { 'replacepathregex.regex': '^/api/(.*)', 'replacepathregex.replacement': '/new/$1' },
    { 'replacepathregex.regex': '/v([0-9])', 'replacepathregex.replacement': '/version-${1}?v=$1' },
    { 'redirectscheme.scheme': 'https' },
    { 'redirectscheme.scheme': 'https', 'redirectscheme.port': '8443', 'redirectscheme.permanent': 'true' },
    {
      'redirectregex.regex': '^http://([^/]+)/api/(.*)',
      'redirectregex.replacement': 'https://$1/elsewhere/$2',
    },
    {
      'redirectregex.regex': '/v1$',
      'redirectregex.replacement': '/v2',
      'redirectregex.permanent': 'true',
    },
    {
      'headers.customrequestheaders.X-Added': 'yes',
      'headers.customrequestheaders.X-Client': '',
      'headers.customresponseheaders.X-Answered': 'yes',
      'headers.customresponseheaders.X-Upstream': '',
    },
    { 'headers.customrequestheaders.Host': 'other.test' },
    {
      'headers.framedeny': 'true',
      'headers.contenttypenosniff': 'true',
      'headers.browserxssfilter': 'true',
      'headers.referrerpolicy': 'no-referrer',
      'headers.stsseconds': '100',
      'headers.stsincludesubdomains': 'true',
      'headers.forcestsheader': 'true',
      'headers.permissionspolicy': 'camera=()',
    },
    {
      'headers.accesscontrolallowmethods': 'GET,PUT',
      'headers.accesscontrolallowheaders': 'X-One,X-Two',
      'headers.accesscontrolalloworiginlist': 'https://app.test,https://other.test',
      'headers.accesscontrolmaxage': '100',
      'headers.addvaryheader': 'true',
    },
    {
      'headers.accesscontrolalloworiginlistregex': 'https://.*\\.test',
      'headers.accesscontrolallowcredentials': 'true',
      'headers.accesscontrolexposeheaders': 'X-Upstream',
    },
    { 'headers.allowedhosts': 'nobody.test' },
    { 'ipallowlist.sourcerange': '127.0.0.0/8' },
    { 'ipallowlist.sourcerange': '10.0.0.0/8' },
    { 'ipallowlist.sourcerange': '10.0.0.0/8', 'ipallowlist.rejectstatuscode': '418' },
    { 'ipwhitelist.sourcerange': '127.0.0.1' },
    { 'ipallowlist.sourcerange': '1.2.3.4', 'ipallowlist.ipstrategy.depth': '1' },
    { 'basicauth.users': 'alice:$apr1$6tVwvGrC$s/gpU4ZNTXRjUN7lDnS6y1' },
    {
      'basicauth.users': 'alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=',
      'basicauth.realm': 'lab',
      'basicauth.headerfield': 'X-User',
      'basicauth.removeheader': 'true',
    },
    { 'inflightreq.amount': '100' },
    { 'ratelimit.average': '10000', 'ratelimit.burst': '10000' },
    { 'circuitbreaker.expression': 'NetworkErrorRatio() > 0.9' },
    { compress: 'true' },
    { 'compress.minresponsebodybytes': '10', 'compress.encodings': 'gzip' },
    {
      'errors.status': '418,500-599',
      'errors.service': 'errors-page',
      'errors.query': '/page/{status}?url={url}',
    },
    {
      'forwardauth.address': `${upstream}/auth`,
      'forwardauth.authresponseheaders': 'X-Upstream',
      'forwardauth.trustforwardheader': 'false',
    },
    { 'forwardauth.address': `${upstream}/auth?status=401` },
  ];
}

/** Rules around the host of a case. */
export const rules: readonly ((host: string) => string)[] = [
  (host) => `Host(\`${host}\`)`,
  (host) => `Host(\`${host}\`) && PathPrefix(\`/api\`)`,
  (host) => `Host(\`${host}\`) && (Path(\`/v1\`) || PathPrefix(\`/api/\`))`,
  (host) => `Host(\`${host}\`) && !Path(\`/v1\`)`,
  (host) => `Host(\`${host}\`) && Method(\`get\`)`,
  (host) => `Host(\`${host}\`) && Query(\`a\`, \`1\`)`,
  (host) => `Host(\`${host}\`) && (Query(\`flag\`) || QueryRegexp(\`a\`, \`^[0-9]+$\`))`,
  (host) => `Host(\`${host}\`) && Header(\`X-Client\`, \`one\`)`,
  (host) => `Host(\`${host}\`) && HeaderRegexp(\`X-Client\`, \`^(one|two)$\`)`,
  (host) => `Host(\`${host}\`) && PathRegexp(\`^/(api|v[0-9])(/|$)\`)`,
  (host) => `HostRegexp(\`^${host.replaceAll('.', '\\.')}$\`) && ClientIP(\`127.0.0.0/8\`)`,
];

/** Options of the service of a case. */
export const serviceOptions: readonly Options[] = [
  {},
  {},
  {},
  { 'loadbalancer.passhostheader': 'false' },
  { 'loadbalancer.sticky': 'true' },
  {
    'loadbalancer.sticky.cookie.name': 'lab',
    'loadbalancer.sticky.cookie.httponly': 'true',
    'loadbalancer.sticky.cookie.secure': 'true',
    'loadbalancer.sticky.cookie.samesite': 'lax',
    'loadbalancer.sticky.cookie.maxage': '60',
    'loadbalancer.sticky.cookie.path': '/api',
  },
  { 'loadbalancer.strategy': 'p2c' },
];

const paths = [
  '/',
  '/api',
  '/api/x',
  '/api/x/',
  '/v1',
  '/v1/',
  '/v2/x',
  '/apix',
  '/api/%20a',
  '/api/a+b',
  '/api/%c3%a9',
  '/api//x',
  '/api/../v1',
  '/api/./x',
  '/API/x',
  '/status/418',
  '/status/500',
  '/status/204',
  '/large',
];
const queries = ['', '', '?a=1', '?a=b&a=2', '?flag', '?flag=&a=%31', '?'];
const fieldSets: readonly (readonly string[])[] = [
  [],
  ['X-Client: one'],
  ['X-Client: two', 'X-Client: one'],
  ['x-client: three', 'Cookie: a=1; b=2'],
  ['Origin: https://app.test'],
  [
    'Origin: https://nobody.example',
    'Access-Control-Request-Method: PUT',
    'Access-Control-Request-Headers: X-One',
  ],
  ['Origin: https://other.test', 'Access-Control-Request-Method: PUT'],
  ['Authorization: Basic YWxpY2U6c2VjcmV0'],
  ['Authorization: Basic YWxpY2U6d3Jvbmc='],
  ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https', 'X-Real-Ip: 9.9.9.9'],
  ['X-Forwarded-Prefix: /evil', 'X-Forwarded-Host: evil.test'],
  ['Accept-Encoding: gzip'],
  ['Accept-Encoding: br;q=0.5, gzip;q=1.0'],
  ['Accept-Encoding: identity'],
  ['Connection: close', 'TE: trailers'],
];
const methods = ['GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'OPTIONS', 'DELETE'];

/** A request as bytes, with `Host: host`; one per connection. */
export function makeRequest(host: string, choices: Choices): string {
  const method = pick(choices, methods);
  const target = pick(choices, paths) + pick(choices, queries);
  const fields = pick(choices, fieldSets);
  const body = method === 'POST' || method === 'PUT' ? 'hello' : '';
  const length = body === '' ? [] : [`Content-Length: ${body.length}`];
  const close = fields.some((field) => field.startsWith('Connection')) ? [] : ['Connection: close'];
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host}`];
  return `${[...lines, ...fields, ...length, ...close].join('\r\n')}\r\n\r\n${body}`;
}
