// Preloaded into a gateway (`node --import`): SIGUSR2 to the process that serves makes its first worker throw, outside of any
// request, as a broken invariant would.
import { BroadcastChannel, isMainThread, workerData } from 'node:worker_threads';

const channel = new BroadcastChannel('mortal-workers');
channel.unref();
if (isMainThread) process.on('SIGUSR2', () => channel.postMessage('die'));
else if (workerData?.worker === 0) {
  channel.onmessage = () => {
    setImmediate(() => {
      throw new Error('as the test asked');
    });
  };
}
