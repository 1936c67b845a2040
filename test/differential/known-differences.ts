// What may differ between Traefik and Berth, each with its place in docs/compatibility.md. Everything else must be the same.
import type { Seen } from './answer.ts';

/** Lines that only Traefik (-) or only Berth (+) has, without those that are known to differ. */
export function differencesOf(theirs: Seen, ours: Seen, _request: string): readonly string[] {
  const [wanted, found] = [linesOf(theirs), linesOf(ours)];
  const lines = [
    ...wanted.filter((line) => !found.includes(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !wanted.includes(line)).map((line) => `+ ${line}`),
  ];
  const isOwn = !theirs.fields.includes(ofReplica) && !ours.fields.includes(ofReplica);
  return lines.filter(
    (line) =>
      !known.some((one) => (typeof one === 'function' ? one(line, ours) : one.test(line))) &&
      !(isOwn && ofOwnAnswers.test(line)),
  );
}

function linesOf({ status, fields, received }: Seen): readonly string[] {
  return [
    `status ${status}`,
    ...fields.map((field) => `answer ${field}`),
    ...(received === undefined
      ? []
      : [
          `request ${received.method} ${received.target}`,
          `request body ${JSON.stringify(received.body)}`,
          ...received.fields.map((field) => `request ${field}`),
        ]),
  ];
}

/** What the replica says of itself in each of its answers. */
const ofReplica = 'x-upstream: replica';

/** An answer that the gateway gives itself: its form is its own (JSON, HTML or text by Accept, never cached). */
const ofOwnAnswers = /^[-+] answer (?:content-type|cache-control|x-content-type-options|vary): /;

const known: readonly (RegExp | ((line: string, ours: Seen) => boolean))[] = [
  // Go's client asks for gzip where the client did not, and unpacks it; Berth asks for what the client asked for.
  /^- request accept-encoding: gzip$/,
  // Go's client names itself to an auth server where the client named itself not.
  /^- request user-agent: Go-http-client\/1\.1$/,
  // What compress might have compressed is said to caches also when this client wanted nothing compressed (RFC 9110 §12.5.5).
  /^[-+] answer vary: (?:Origin|Accept-Encoding|Origin, Accept-Encoding)$/,
  // What stripPrefixRegex leaves of a path that it takes as a whole.
  /^[-+] request x-replaced-path: \/?$/,
  // A service of error pages is told of the client too.
  (line, { received }) =>
    line === '+ request x-forwarded-for: 127.0.0.1' && received?.target.startsWith('/page/') === true,
];
