// The file provider with its defaults (Traefik v3.7 "File"). Pure.
import { formatOf } from '../../lib/text-tree/parse-text-tree.ts';
import type { FileProviderOptions } from '../../model/provider-options.ts';
import type { FileProvider } from '../../model/startup.ts';
import type { StartupFault } from './startup-fault.ts';

/** Fills the defaults in. Without exactly one file or directory there is an error among the faults. */
export function resolveFileProvider(
  { filename = '', directory = '', watch = true }: FileProviderOptions,
  faults: StartupFault[],
): FileProvider {
  if ((filename === '') === (directory === '')) {
    faults.push({
      severity: 'error',
      source: 'providers.file',
      message: `${filename === '' ? 'Neither' : 'Both'} filename ${filename === '' ? 'nor' : 'and'} directory ${filename === '' ? 'is' : 'are'} set.`,
      hint: 'Set one of providers.file.filename and providers.file.directory.',
    });
  } else if (filename !== '' && formatOf(filename) === undefined) {
    faults.push({
      severity: 'error',
      source: 'providers.file.filename',
      message: `The name ${JSON.stringify(filename)} does not tell the format of the file.`,
      hint: 'Give it one of the endings .yml, .yaml, .json and .toml.',
    });
  }
  return { filename, directory, watch };
}
