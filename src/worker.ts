// Composition root of a worker thread: the data plane, wired to its end of the bridge. No logic.
import { connectToControlPlane } from './bridge/worker-side.ts';
import { createDataPlane } from './data-plane/listeners/create-data-plane.ts';
import { collectAtRest } from './shepherd/collect-at-rest.ts';

const link = connectToControlPlane();

const plane = createDataPlane(link.options, {
  onListening: (entryPoint, host, port) => link.report({ type: 'listening', entryPoint, host, port }),
  onListenFailed: (entryPoint, message) => link.report({ type: 'listen-failed', entryPoint, message }),
  onApplied: (version) => link.report({ type: 'applied', version }),
  onLoads: (loads) => link.report({ type: 'loads', loads }),
});

link.receive(plane);
collectAtRest();
