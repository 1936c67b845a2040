// Pure: from what people paste (a URL, a host, a name, a container) to what is searched for.
import type { Diagnostic, ReplicaView } from '../../../src/model/view.ts';

/** Takes scheme, port and path off a URL and trims; any other text stays as it is. */
export function toSearchTerm(typed: string): string {
  const text = typed.trim();
  const url = /^[a-z][a-z0-9+.-]*:\/\/([^/?#\s]+)/i.exec(text);
  return url?.[1] ? url[1].replace(/^.*@/, '').replace(/:\d+$/, '') : text;
}

/** Whether a replica's container, address or service holds the term. */
export function replicaMatches(replica: ReplicaView, term: string): boolean {
  const { container, url, service, id } = replica;
  return holds([container?.name, container?.id, url, service, id], term);
}

/** Whether a diagnostic's container, object, label or sentences hold the term. */
export function diagnosticMatches(diagnostic: Diagnostic, term: string): boolean {
  const { container, object, label, message, hint, code } = diagnostic;
  return holds([container, object.name, label, message, hint, code], term);
}

function holds(texts: readonly (string | undefined)[], term: string): boolean {
  const wanted = term.toLowerCase();
  return texts.some((text) => text?.toLowerCase().includes(wanted));
}
