// A build step of the image: loads what a gateway may load, so that Node's compile cache holds it (NODE_COMPILE_CACHE says
// where) and no process in a container has to compile. Compiled code belongs to the flags of Node, so that this needs those
// of the processes that serve (`shepherd/spawn-child`).

/** The process that serves and its workers end with an error where nobody has started them: all they need is loaded then. */
const compositionRoots = [import('../gateway.ts'), import('../worker.ts')];
await Promise.allSettled(compositionRoots);
/** What they load only when it is needed. */
await Promise.all([
  import('../control-plane/api/create-api.ts'),
  import('../control-plane/health/probe-http.ts'),
  import('../data-plane/lanes/fastify/create-fastify-lane.ts'),
  import('../observability/control-metrics.ts'),
  import('../observability/merge-metrics.ts'),
]);
