// What can be wrong with one server of a load balancer, wherever it is written.
import type { Note } from './object-report.ts';

/** The weight of a server as it counts, and what is to be said of it. */
export function checkWeight(weight: number | undefined): { notes: Note[]; weight: number } {
  if (weight === undefined || weight > 0) return { notes: [], weight: weight ?? 1 };
  const note: Note = {
    severity: 'warning',
    code: 'bad-value',
    message: `With the weight ${weight} the server gets no requests.`,
    hint: 'Write a weight of 1 or more.',
  };
  return { notes: [note], weight: 0 };
}

/** The URL as replicas carry it, or what is wrong with it. `option` is its name for people. */
export function toServerUrl(url: string, option: string): string | Note {
  const parsed = URL.parse(url.replace(/^h2c:/i, 'http:'));
  if (parsed === null || !/^(https?|h2c):\/\//i.test(url) || parsed.hostname === '') {
    return fault(`${option} is no URL of a server.`, 'Write a URL such as http://10.0.0.5:8080.');
  }
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '') {
    return fault(
      `${option} holds a user, a query or a fragment, which cannot be used.`,
      'Write scheme, host, port and path only.',
    );
  }
  const protocol = /^h2c:/i.test(url) ? 'h2c:' : parsed.protocol;
  const explicitPort = parsed.port || (protocol === 'https:' ? '443' : '80');
  return `${protocol}//${parsed.hostname}:${explicitPort}${parsed.pathname}`.replace(/\/+$/, '');
}

/** The URL of a server of TCP or UDP as replicas carry it, or what is wrong with its address. */
export function toSocketUrl(address: string, scheme: 'tcp' | 'tls' | 'udp', option: string): string | Note {
  const parsed = URL.parse(`tcp://${address}`);
  const isPlain = parsed !== null && parsed.hostname !== '' && parsed.port !== '' && !/[/?#@]/.test(address);
  if (isPlain) return `${scheme}://${parsed.hostname}:${parsed.port}`;
  return fault(`${option} is not host:port.`, 'Write an address such as 10.0.0.5:5432 or [fd00::5]:5432.');
}

function fault(message: string, hint: string): Note {
  return { severity: 'error', code: 'bad-value', message, hint };
}
