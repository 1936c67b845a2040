// The text of --help, made from the start-up schema. Pure.
import { formatDuration } from '../lib/duration.ts';
import { listOptions, type Option } from '../rules/startup/option-tree.ts';

const usage = `Berth: the gateway for containers that hold a GPU.

Usage:
  npm start -- [options]                     run the gateway
  npm start -- check [file…] [options]       check the labels of compose files, or of what runs (--docker)
  npm start -- healthcheck [options]         ask the running gateway's /ping; exit status 0 or 1
  npm start -- version                       print the version

Options of check:
  --docker          check the containers of the Docker Engine in place of files
  --json            print diagnostics as JSON
  --project=NAME    compose project name; the folder's name if absent
  --explain=URL     say what becomes of a request: which router takes it and why, where it goes, and what to do if it
                    does not get there. All files count as one Engine. Exit status 0 if it would be served
  --method=METHOD --header=NAME:VALUE --client=ADDRESS --entryPoint=NAME
                    of the request to explain; GET, no fields, 127.0.0.1 and the one on the port if absent

Options come from a file (--configFile=berth.yml; else berth.{yml,yaml,toml} or traefik.{yml,yaml,toml} here, in
/etc/berth or in /etc/traefik), from variables (BERTH_API_INSECURE=true or TRAEFIK_API_INSECURE=true), and from flags;
flags win over variables, variables over the file. Names are not case-sensitive.

Options of the gateway:
`;

/** The whole help text. */
export function helpText(): string {
  const options = listOptions().filter(({ info }) => info.notYet !== true);
  const missing = listOptions().filter(({ info }) => info.notYet === true);
  return [
    usage,
    ...options.map(describe),
    '\nOptions of Traefik that Berth does not have yet; each gives a warning:\n',
    ...missing.map(({ path }) => `  --${path}\n`),
  ].join('');
}

function describe({ path, info, description, default: fallback }: Option): string {
  const kind = info.kind === 'section' ? '' : `=<${info.oneOf?.join('|') ?? info.kind}>`;
  const suffix = fallback === undefined || fallback === '' ? '' : ` Default: ${spell(info.kind, fallback)}.`;
  return `  --${path}${info.kind === 'flag' ? '' : kind}\n        ${description}${suffix}\n`;
}

function spell(kind: string, value: unknown): string {
  if (kind === 'duration' && typeof value === 'number') return formatDuration(value);
  return Array.isArray(value) ? value.join(',') : String(value);
}
