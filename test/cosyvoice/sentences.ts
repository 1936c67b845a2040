// Splits a text into sentence groups as CosyVoice does (cosyvoice/utils/frontend_utils.py, split_paragraph, with
// the sizes of CosyVoiceFrontEnd.text_normalize), because each group becomes one chunk of the answer.

const MAX_TOKENS = 80;
const MIN_TOKENS = 60;
const MERGE_BELOW = 20;
const CHINESE = /[\u4e00-\u9fff]/;
const CHINESE_STOPS = new Set('。？！；：、.?!;');
const OTHER_STOPS = new Set('.?!;:');
const ONLY_PUNCTUATION = /^[\p{P}\p{S}]*$/u;
/** The real tokenizer needs about one token for four letters of a European language. */
const LETTERS_PER_TOKEN = 4;

/**
 * The groups in speaking order; none for a text of nothing but punctuation. A text with a `<|tag|>` is one group,
 * whatever its length. Throws on blank text, as the real one does.
 */
export function splitSentences(text: string): readonly string[] {
  if (text.includes('<|') && text.includes('|>')) return [text];
  const chinese = CHINESE.test(text);
  const trimmed = chinese
    ? text
        .trim()
        .replaceAll('\n', '')
        .replace(/[，,、]+$/, '。')
    : text.trim();
  if (trimmed === '') throw new Error('string index out of range');
  const stops = chinese ? CHINESE_STOPS : OTHER_STOPS;
  const lengthOf = chinese ? (part: string) => [...part].length : countTokens;
  const groups = gather(cutAtStops(trimmed, stops, chinese ? '。' : '.'), lengthOf);
  return groups.filter((group) => !ONLY_PUNCTUATION.test(group.trim()));
}

function cutAtStops(text: string, stops: ReadonlySet<string>, closing: string): readonly string[] {
  const characters = [...text];
  const last = characters.at(-1);
  if (last !== undefined && !stops.has(last)) characters.push(closing);
  const sentences: string[] = [];
  let current = '';
  for (const [index, character] of characters.entries()) {
    if (!stops.has(character)) {
      const closesQuote = (character === '"' || character === '”') && stops.has(characters[index - 1] ?? '');
      if (closesQuote && sentences.length > 0) sentences.push(`${sentences.pop() ?? ''}${character}`);
      else current += character;
      continue;
    }
    // A stop with nothing before it ("...") belongs to no sentence and is dropped, as in the original.
    if (current !== '') sentences.push(current + character);
    current = '';
  }
  if (current !== '') sentences.push(current);
  return sentences;
}

function gather(sentences: readonly string[], lengthOf: (part: string) => number): readonly string[] {
  const groups: string[] = [];
  let current = '';
  for (const sentence of sentences) {
    if (lengthOf(current + sentence) > MAX_TOKENS && lengthOf(current) > MIN_TOKENS) {
      groups.push(current);
      current = '';
    }
    current += sentence;
  }
  if (current === '') return groups;
  const previous = groups.at(-1);
  if (previous !== undefined && lengthOf(current) < MERGE_BELOW) {
    groups[groups.length - 1] = previous + current;
  } else {
    groups.push(current);
  }
  return groups;
}

function countTokens(text: string): number {
  return Math.ceil(text.length / LETTERS_PER_TOKEN);
}
