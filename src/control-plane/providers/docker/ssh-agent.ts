// An HTTP agent whose connections run through `ssh host docker system dial-stdio`, as Docker's own client does it:
// keys, known hosts and jump hosts are those of the user's ssh configuration.
import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, type AgentOptions } from 'node:http';
import { Duplex } from 'node:stream';

export type SshTarget = { readonly user: string; readonly host: string; readonly port: string };

/** One ssh process for each connection; idle ones are kept and used again. `command` is the ssh program. */
export function createSshAgent(target: SshTarget, options: AgentOptions, command = 'ssh'): Agent {
  const agent = new Agent(options);
  // A pipe to a process has no socket options; without these overrides the agent would try to set some.
  Object.assign(agent, {
    createConnection: () => connect(target, command),
    keepSocketAlive: () => true,
    reuseSocket: () => {},
  });
  return agent;
}

function connect({ user, host, port }: SshTarget, command: string): Duplex {
  const args = [
    ...(user === '' ? [] : ['-l', user]),
    ...(port === '' ? [] : ['-p', port]),
    // BatchMode: there is nobody to answer a question.
    ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30', '--', host, 'docker', 'system', 'dial-stdio'],
  ];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  // The pair is documented (stream.Duplex.from), but @types/node only knows the pair of web streams.
  const pair: unknown = { readable: child.stdout, writable: child.stdin };
  const stream = Duplex.from(pair as NodeJS.ReadableStream);
  failWithReason(child, stream);
  stream.once('close', () => child.kill());
  return stream;
}

/** The reason for a failed connection stands on ssh's standard error. */
function failWithReason(child: ChildProcess, stream: Duplex): void {
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-500);
  });
  child.once('error', (error) => stream.destroy(error));
  child.once('exit', (code) => {
    if (code !== 0 && !stream.destroyed) {
      stream.destroy(new Error(`ssh ended with status ${code}: ${complaint.trim()}`));
    }
  });
}
