// Runs before `npm start`: gets the packages and the dashboard when they are missing, with a word on standard error.
import { ensurePackages } from './packages.mjs';
import { failWith } from './say.mjs';

try {
  ensurePackages();
} catch (error) {
  failWith(error);
}
