// `npm run down`: stops and removes what `npm run up` made. Images stay.
import { compose } from './engine.mjs';
import { root } from './packages.mjs';
import { failWith, run, Stop } from './say.mjs';

try {
  const words = compose();
  if (words === undefined) throw new Stop('Docker Compose is not installed, so nothing can be running.');
  const [program, ...rest] = words;
  run(program, [...rest, 'down', '--remove-orphans'], { cwd: root });
} catch (error) {
  failWith(error);
}
