// An HTTP agent whose connections run through `ssh host docker system dial-stdio`, as Docker's own client does it:
// keys, known hosts and jump hosts are those of the user's ssh configuration.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Agent, type AgentOptions } from 'node:http';
import { Duplex } from 'node:stream';

/** Who is connected to; user and port may be empty. */
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
  return overProcess(spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] }));
}

/**
 * A connection whose bytes run through a process. It fails with what ssh says on its standard error, which is complete
 * only when the process is closed: a broken pipe before that is a consequence, and is not reported.
 */
function overProcess(child: ChildProcessWithoutNullStreams): Duplex {
  let complaint = '';
  const stream = new Duplex({
    read: () => child.stdout.resume(),
    write: (chunk, encoding, done) => {
      child.stdin.write(chunk, encoding, (error) => {
        if (error == null) done();
      });
    },
    final: (done) => child.stdin.end(() => done()),
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  child.stdin.on('error', () => {});
  child.stdout.on('data', (chunk) => {
    if (!stream.push(chunk)) child.stdout.pause();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-500);
  });
  child.once('error', (error) => stream.destroy(error));
  child.once('close', (code) => {
    if (stream.destroyed) return;
    if (code === 0) stream.push(null);
    else stream.destroy(new Error(`ssh ended with status ${code}: ${complaint.trim()}`));
  });
  return stream;
}
