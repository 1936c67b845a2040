// HEALTHCHECK of the image: asks the gateway that is process 1, with the very flags that it was started with.
import { readFileSync } from 'node:fs';
import { dispatch } from '../commands/dispatch.ts';
import { createTerminal } from '../commands/terminal.ts';

// node, the script, then the flags; each ends with a NUL (proc(5)).
const [, , ...flags] = readFileSync('/proc/1/cmdline', 'utf8').split('\0').slice(0, -1);
const outcome = await dispatch(['healthcheck', ...flags], createTerminal(process.env));
process.exitCode = outcome.kind === 'done' ? outcome.exitCode : 1;
