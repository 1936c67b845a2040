// `npm run check`: types, lint, architecture, unit and golden tests. Quick, without Docker.
import { ensurePackages, ensureStandIn } from './packages.mjs';
import { failWith } from './say.mjs';
import { finish, quickStages, runStages } from './stages.mjs';

try {
  ensurePackages();
  ensureStandIn();
  finish(await runStages(quickStages));
} catch (error) {
  failWith(error);
}
