// Remembers results by their keys, in bounded memory.

/** The result for the key: the remembered one, or what `make` gives the first time. */
export type GenerationMemo<R> = (key: string, make: () => R) => R;

/** What was not asked for while `generationSize` other keys were new is forgotten; at most twice as many are kept. */
export function createGenerationMemo<R>(generationSize: number): GenerationMemo<R> {
  let young = new Map<string, { readonly result: R }>();
  let old = new Map<string, { readonly result: R }>();
  return (key, make) => {
    const known = young.get(key);
    if (known !== undefined) return known.result;
    if (young.size >= generationSize) {
      old = young;
      young = new Map();
    }
    const entry = old.get(key) ?? { result: make() };
    young.set(key, entry);
    return entry.result;
  };
}
