// One look at the Engine, for `check --docker`: no events, no memory.
import type { ContainerRecord } from '../../../model/container.ts';
import type { DockerProvider } from '../../../model/startup.ts';
import { connectEngine } from './engine-client.ts';
import { explainEngineFault } from './engine-fault.ts';
import { createInventory } from './inventory.ts';

/**
 * All containers, those at rest with the ports that a list does not name. Rejects with one sentence and what to do when
 * the Engine cannot be read.
 */
export async function listContainersOnce(options: DockerProvider): Promise<ContainerRecord[]> {
  const inventory = createInventory();
  try {
    const engine = await connectEngine(options);
    try {
      const { inspect } = inventory.applyList(inventory.beginReading(), await engine.list());
      for (const id of inspect) {
        inventory.applyInspection(inventory.beginReading(), id, await engine.inspect(id));
      }
      return [...inventory.records().values()];
    } finally {
      engine.close();
    }
  } catch (cause) {
    const { message, hint } = explainEngineFault(cause, options.endpoint);
    throw new Error(`${message} ${hint}`, { cause });
  }
}
