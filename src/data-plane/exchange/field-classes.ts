// What the gateway does with each field of a request, by name. Every group says which rule it follows and which attack
// it prevents.

/** Why a request field is not passed on as it came. */
export type FieldClass =
  | 'pass'
  | 'drop' // never forwarded
  | 'connection' // read for the names that it lists, then dropped
  | 'te'
  | 'transfer-encoding' // read for the framing, then dropped
  | 'content-length'
  | 'expect'
  | 'upgrade'
  | 'host'
  | 'request-id'
  | 'hops'
  | 'xff' // X-Forwarded-For; this and the ones below only from those who are trusted
  | 'x-forwarded-proto'
  | 'x-forwarded-host'
  | 'x-forwarded-port'
  | 'x-forwarded-server'
  | 'x-real-ip'
  | 'forwarded';

/** Counts how often a request came through a gateway of this kind. Not Via: nginx stops compressing when it sees one. */
export const hopsField = 'X-Berth-Hops';

const classes: Readonly<Record<string, FieldClass>> = {
  host: 'host',
  // RFC 9110 §7.6.1: they speak of this connection only. Passed on, they let a client steer the next one: two framings
  // (Transfer-Encoding), a tunnel that nobody asked for (Upgrade: "h2c smuggling").
  connection: 'connection',
  'keep-alive': 'drop',
  'proxy-connection': 'drop',
  'transfer-encoding': 'transfer-encoding',
  'content-length': 'content-length',
  upgrade: 'upgrade',
  'http2-settings': 'drop',
  te: 'te',
  // Trailers of requests are dropped (RFC 9110 §6.5.1 allows it), so they are not announced either.
  trailer: 'drop',
  expect: 'expect',
  // RFC 9110 §11.7: meant for a forward proxy, which this is not.
  'proxy-authorization': 'drop',
  'proxy-authenticate': 'drop',
  // CVE-2016-5385 ("httpoxy"): CGI programs read it as HTTP_PROXY and send their own requests there.
  proxy: 'drop',
  'x-request-id': 'request-id',
  [hopsField.toLowerCase()]: 'hops',
  // Who is in front. From a stranger they are lies (CVE-2026-39858, CVE-2024-45410).
  'x-forwarded-for': 'xff',
  'x-forwarded-proto': 'x-forwarded-proto',
  'x-forwarded-host': 'x-forwarded-host',
  'x-forwarded-port': 'x-forwarded-port',
  'x-forwarded-server': 'x-forwarded-server',
  'x-real-ip': 'x-real-ip',
  forwarded: 'forwarded',
  // Frameworks take the path or host from them and so walk around a rule on the path: IIS, Symfony, Zend, Drupal.
  'x-original-url': 'forwarded',
  'x-original-uri': 'forwarded',
  'x-original-host': 'forwarded',
  'x-original-forwarded-for': 'forwarded',
  'x-rewrite-url': 'forwarded',
  'x-host': 'forwarded',
  'x-client-ip': 'forwarded',
  'x-cluster-client-ip': 'forwarded',
  'x-url-scheme': 'forwarded',
  'front-end-https': 'forwarded',
};

/** The class of a field by its name in lower case. */
export function classOf(name: string): FieldClass {
  const known = Object.hasOwn(classes, name) ? classes[name] : undefined;
  if (known !== undefined) return known;
  // X-Forwarded-Prefix, -Uri, -Method, -Tls-Client-Cert and whatever else frameworks believe.
  if (name.startsWith('x-forwarded')) return 'forwarded';
  // WSGI, CGI and PHP turn both `-` and `_` into `_`: X_Forwarded_For is read as X-Forwarded-For (GHSA-6384-m2mw-rf54).
  if (!name.includes('_')) return 'pass';
  const standard = name.replaceAll('_', '-');
  // Such servers would take the length of the body from it.
  if (standard === 'content-length' || standard === 'transfer-encoding') return 'drop';
  const alias = classOf(standard);
  return alias === 'pass' || alias === 'drop' ? alias : 'forwarded';
}

/**
 * Looks classes up by the spelling on the wire. Clients use few spellings, so they are kept, up to a bound that a
 * flood of random names cannot pass.
 */
export function createFieldClassifier(): (name: string) => FieldClass {
  const bySpelling = new Map<string, FieldClass>();
  return (name) => {
    const known = bySpelling.get(name);
    if (known !== undefined) return known;
    const found = classOf(name.toLowerCase());
    if (bySpelling.size < maxSpellings) bySpelling.set(name, found);
    return found;
  };
}

const maxSpellings = 1024;
