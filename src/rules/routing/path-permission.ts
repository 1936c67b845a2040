// Whether a path may hold what it holds: Berth's rule, unless an entry point or a middleware says otherwise. Pure.
import type { EncodedCharactersOptions } from '../../model/encoded-characters.ts';
import { type PathOddity, refusedByDefault } from './normalise-path.ts';

/** The option that speaks of an oddity; what none speaks of is never allowed. */
const optionOf: Readonly<Partial<Record<PathOddity, keyof EncodedCharactersOptions>>> = {
  encodedSlash: 'allowEncodedSlash',
  backSlash: 'allowEncodedBackSlash',
  nullCharacter: 'allowEncodedNullCharacter',
  semicolon: 'allowEncodedSemicolon',
  encodedSemicolon: 'allowEncodedSemicolon',
  encodedPercent: 'allowEncodedPercent',
  doubleEncoding: 'allowEncodedPercent',
  encodedQuestionMark: 'allowEncodedQuestionMark',
  encodedHash: 'allowEncodedHash',
};

/**
 * Whether all of the oddities are allowed. Middlewares decide where there are any, and each of them has to allow it; without,
 * the entry point does. What the entry point refuses no middleware opens.
 */
export function isPathAllowed(
  oddities: readonly PathOddity[],
  entryPoint: EncodedCharactersOptions,
  middlewares: readonly EncodedCharactersOptions[],
): boolean {
  return oddities.every((oddity) => {
    const option = optionOf[oddity];
    if (option === undefined || entryPoint[option] === false) return false;
    if (middlewares.length > 0) return middlewares.every((one) => one[option] === true);
    return entryPoint[option] === true || !refusedByDefault.has(oddity);
  });
}
