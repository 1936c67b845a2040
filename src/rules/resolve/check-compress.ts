// What is wrong with the options of compress (Traefik v3.7, middlewares/compress, New).
import { mediaTypeOf } from '../../lib/media-type.ts';
import { nearestName } from '../../lib/nearest.ts';
import { type CompressOptions, contentEncodings } from '../../model/middlewares/compress.ts';
import type { Finding } from './verdict.ts';

/** Gives what keeps the middleware from being used. */
export function checkCompress(options: CompressOptions): readonly Finding[] {
  const { includedContentTypes = [], excludedContentTypes = [] } = options;
  return [
    ...(includedContentTypes.length > 0 && excludedContentTypes.length > 0
      ? [
          fault(
            'includedContentTypes and excludedContentTypes exclude each other.',
            'Keep one of them.',
            'excludedContentTypes',
            excludedContentTypes.join(','),
          ),
        ]
      : []),
    ...checkTypes('includedContentTypes', includedContentTypes),
    ...checkTypes('excludedContentTypes', excludedContentTypes),
    ...checkEncodings(options),
  ];
}

function checkTypes(key: string, types: readonly string[]): readonly Finding[] {
  const bad = types.find((type) => mediaTypeOf(type) === undefined);
  if (bad === undefined) return [];
  const message = `${JSON.stringify(bad)} is no media type.`;
  return [
    fault(
      message,
      'Write types such as text/html or application/json, joined by commas.',
      key,
      types.join(','),
    ),
  ];
}

function checkEncodings({ encodings, defaultEncoding = '' }: CompressOptions): readonly Finding[] {
  const listed: readonly string[] = encodings ?? contentEncodings;
  const value = listed.join(',');
  const unknown = listed.find((encoding) => !contentEncodings.some((known) => known === encoding));
  if (unknown !== undefined) {
    const near = nearestName(unknown, contentEncodings);
    const hint = near === undefined ? `There are ${contentEncodings.join(', ')}.` : `Did you mean ${near}?`;
    return [fault(`There is no encoding ${JSON.stringify(unknown)}.`, hint, 'encodings', value)];
  }
  if (listed.length === 0) {
    return [
      fault(
        'There has to be an encoding at least.',
        `Name some of ${contentEncodings.join(', ')}.`,
        'encodings',
        value,
      ),
    ];
  }
  if (defaultEncoding === '' || listed.includes(defaultEncoding)) return [];
  const message = `The default encoding ${JSON.stringify(defaultEncoding)} is none of the encodings.`;
  return [fault(message, `Name one of ${listed.join(', ')}.`, 'defaultEncoding', defaultEncoding)];
}

function fault(message: string, hint: string, key: string, value: string): Finding {
  return { severity: 'error', code: 'bad-value', message, hint, option: { key: `compress.${key}`, value } };
}
