// A hostile client in a process of its own. Arguments: the name of the flood, the port, seconds. Writes how many connections
// it opened.
import { connect } from 'node:net';
import { flooderStartMs, floods } from './floods.ts';

const [name = '', port = '', seconds = ''] = process.argv.slice(2);
const flood = floods[name];
if (flood === undefined) throw new Error(`There is no flood ${name}.`);
const { connections, opening, batch, everyMs, reads, closes } = flood;
let opened = 0;

function open(): void {
  opened += 1;
  const socket = connect(Number(port), '127.0.0.1');
  let at = 0;
  const send = (): void => {
    if (socket.destroyed || batch === undefined) return;
    const isTaken = socket.write(batch(at), 'latin1');
    at += 1;
    if (everyMs > 0) setTimeout(send, everyMs);
    else if (isTaken) setImmediate(send);
    else socket.once('drain', send);
  };
  socket.on('error', () => {});
  socket.once('close', () => setTimeout(open, 1));
  socket.once('connect', () => {
    socket.write(opening, 'latin1');
    send();
  });
  if (closes) socket.once('data', () => socket.destroy());
  if (reads) socket.resume();
}

setTimeout(() => {
  for (let at = 0; at < connections; at++) open();
  setTimeout(() => {
    process.stdout.write(`${opened}\n`, () => process.exit());
  }, Number(seconds) * 1_000);
}, flooderStartMs - performance.now());
