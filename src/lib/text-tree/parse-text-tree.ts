// Text of a configuration file (YAML, JSON, TOML) → a tree of plain values, and where each key of it stands in the text.
import { parseToml } from './parse-toml.ts';
import { parseYaml } from './parse-yaml.ts';
import type { TextTree } from './text-tree.ts';

/** JSON is a part of YAML. */
export type TextFormat = 'yaml' | 'toml';

/** Never throws on any text. */
export function parseTextTree(text: string, format: TextFormat): TextTree {
  return format === 'toml' ? parseToml(text) : parseYaml(text);
}

/** By the ending of a file's name, in any case; undefined where it is none of .yml, .yaml, .json and .toml. */
export function formatOf(path: string): TextFormat | undefined {
  if (/\.toml$/i.test(path)) return 'toml';
  return /\.(ya?ml|json)$/i.test(path) ? 'yaml' : undefined;
}
