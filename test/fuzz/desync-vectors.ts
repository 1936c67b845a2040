// Requests that proxies and servers have read in two ways, by class: odd spellings of the two fields that frame a body,
// of values, versions, line ends, methods and chunks. What is behind each body looks like a request. Written for Berth;
// the classes are those of http-desync-guardian (Apache-2.0) and of llhttp's request tests (MIT), which run-vectors.ts sends
// as they are.

/** One vector; latin1. */
export type Vector = { readonly name: string; readonly bytes: string };

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: smuggled\r\n\r\n';
const chunks = '5\r\nhello\r\n0\r\n\r\n';

/** A request of these field lines, and what follows its head. */
function post(lines: readonly string[], rest = `hello${smuggled}`, first = 'POST / HTTP/1.1'): string {
  return `${[first, 'Host: a', ...lines].join('\r\n')}\r\n\r\n${rest}`;
}

/** Each of the texts as a vector. */
function each(label: string, texts: readonly string[], toBytes: (text: string) => string): Vector[] {
  return texts.map((text) => ({ name: `${label} ${JSON.stringify(text)}`, bytes: toBytes(text) }));
}

const oddBytes = [
  '\0',
  '\x01',
  '\x08',
  '\x0b',
  '\x0c',
  '\r',
  '\n',
  '\x1f',
  '\x7f',
  '\x85',
  '\xa0',
  '\xff',
  ' ',
  '\t',
];
const oddMarks = ['"', "'", ',', ';', ':', '=', '(', '/', '\\', '_', '.', '+', '-'];
const odd = [...oddBytes, ...oddMarks];
const withTail = (value: string): string => post([value], chunks + smuggled);

export const vectors: readonly Vector[] = [
  ...each('a length behind', odd, (mark) => post([`Content-Length:${mark}5`])),
  ...each('a length before', odd, (mark) => post([`Content-Length: 5${mark}`])),
  ...each('the name of the length before', odd, (mark) => post([`Content-Length${mark}: 5`])),
  ...each('the name of the length behind', odd, (mark) => post([`${mark}Content-Length: 5`])),
  ...each('a coding behind', odd, (mark) => withTail(`Transfer-Encoding:${mark}chunked`)),
  ...each('a coding before', odd, (mark) => withTail(`Transfer-Encoding: chunked${mark}`)),
  ...each('the name of the coding before', odd, (mark) => withTail(`Transfer-Encoding${mark}: chunked`)),
  ...each('the name of the coding behind', odd, (mark) => withTail(`${mark}Transfer-Encoding: chunked`)),
  ...each('a coding after a length, the name before', odd, (mark) =>
    post(['Content-Length: 5', `Transfer-Encoding${mark}: chunked`], `0\r\n\r\n${smuggled}`),
  ),
  ...each(
    'the length',
    [
      '',
      '05',
      '5,5',
      '5, 5',
      '5 5',
      '5e0',
      '0x5',
      '5.0',
      '"5"',
      '-5',
      '18446744073709551621',
      '9'.repeat(400),
      '५',
    ],
    (value) => post([`Content-Length: ${value}`]),
  ),
  ...each('lengths', ['5|5', '5|6', '6|5', '0|5', '5|', '|5', '5|05'], (pair) =>
    post(pair.split('|').map((value) => `Content-Length: ${value}`)),
  ),
  ...each(
    'the coding',
    [
      '',
      'identity',
      'CHUNKED',
      'chunKed',
      'xchunked',
      'chunkedx',
      'chunk',
      'gzip',
      'gzip, chunked',
      'chunked, gzip',
    ],
    (value) => withTail(`Transfer-Encoding: ${value}`),
  ),
  ...each(
    'the coding of many',
    [
      'chunked, chunked',
      'chunked, identity',
      'identity, chunked',
      'chunked;q=1',
      '"chunked"',
      ',chunked',
      'chunked,',
    ],
    (value) => withTail(`Transfer-Encoding: ${value}`),
  ),
  ...each(
    'codings',
    ['chunked|chunked', 'chunked|identity', 'gzip|chunked', 'chunked|gzip', '|chunked'],
    (pair) =>
      post(
        pair.split('|').map((value) => `Transfer-Encoding: ${value}`),
        chunks + smuggled,
      ),
  ),
  ...each('a length and a coding', ['5', '0', '62', 'x', ''], (length) =>
    post([`Content-Length: ${length}`, 'Transfer-Encoding: chunked'], chunks + smuggled),
  ),
  ...each('a coding and a length', ['5', '0', '62', 'x', ''], (length) =>
    post(['Transfer-Encoding: chunked', `Content-Length: ${length}`], chunks + smuggled),
  ),
  ...each('folded', [' ', '\t', '  ', '\r\n '], (fold) => withTail(`Transfer-Encoding:\r\n${fold}chunked`)),
  ...each('folded behind another', [' ', '\t'], (fold) =>
    withTail(`X: y\r\n${fold}Transfer-Encoding: chunked`),
  ),
  ...each(
    'the version',
    [
      'HTTP/1.0',
      'HTTP/0.9',
      'HTTP/1.2',
      'HTTP/2.0',
      'HTTP/01.1',
      'http/1.1',
      'HTTP/1.1 ',
      'HTTP/1',
      'HTTP/1.1x',
      '',
    ],
    (version) => post(['Transfer-Encoding: chunked'], chunks + smuggled, `POST / ${version}`),
  ),
  ...each(
    'the first line',
    ['GET  / HTTP/1.1', 'GET\t/ HTTP/1.1', 'GET / x HTTP/1.1', ' GET / HTTP/1.1'],
    (line) => post([], smuggled, line),
  ),
  ...each(
    'the target',
    ['/a\0b', '/a\tb', '/a b', '/\x7f', '/\xff', '/#x', '*', 'a', '//a/b', '/\\..\\', ''],
    (target) => post([], smuggled, `GET ${target} HTTP/1.1`),
  ),
  ...each(
    'a body of',
    ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'PROPFIND', 'get', 'G\0T', 'PRI', 'SOURCE', 'M-SEARCH'],
    (method) => post(['Content-Length: 5'], `hello${smuggled}`, `${method} / HTTP/1.1`),
  ),
  ...each('a chunked body of', ['GET', 'HEAD', 'DELETE', 'OPTIONS'], (method) =>
    post(['Transfer-Encoding: chunked'], chunks + smuggled, `${method} / HTTP/1.1`),
  ),
  ...each(
    'a line',
    ['no colon', ': empty', 'X', 'X Y: z', 'X: \0', 'X\r', 'X: a\rContent-Length: 5', 'Host: b'],
    (line) => post([line], smuggled),
  ),
  ...each('line ends', ['POST / HTTP/1.1\n', 'Host: a\n', 'Content-Length: 5\n', '\n'], (line) =>
    post(['Content-Length: 5']).replace(line.replace('\n', '\r\n'), line),
  ),
  ...each(
    'before the first line',
    ['\r\n', '\n', '\r\n\r\n', ' \r\n', '\r', 'x\r\n'],
    (start) => start + post(['Content-Length: 5']),
  ),
  ...each(
    'a chunk size',
    [
      '5 ',
      ' 5',
      '5\t',
      '0x5',
      '-5',
      '+5',
      '5_',
      '05',
      '5;a=b',
      '5;a="b"',
      '5;',
      '5;\n',
      '5 ;a',
      '',
      'g',
      '5\0',
      `${'f'.repeat(16)}5`,
    ],
    (size) => post(['Transfer-Encoding: chunked'], `${size}\r\nhello\r\n0\r\n\r\n${smuggled}`),
  ),
  ...each(
    'chunks',
    [
      '5\nhello\r\n0\r\n\r\n',
      '5\r\nhello\n0\r\n\r\n',
      '5\r\nhello0\r\n\r\n',
      '5\r\nhello\r\n0\n\n',
      '5\r\nhello\r\n0\r\n\n',
    ],
    (text) => post(['Transfer-Encoding: chunked'], text + smuggled),
  ),
  ...each(
    'longer chunks',
    [
      '5\rhello\r\n0\r\n\r\n',
      '5\r\nhelloX\r\n0\r\n\r\n',
      '4\r\nhello\r\n0\r\n\r\n',
      '5\r\nhello\r\n00\r\n\r\n',
      '0\r\n\rX',
    ],
    (text) => post(['Transfer-Encoding: chunked'], text + smuggled),
  ),
  ...each(
    'trailers',
    ['Content-Length: 9', 'Transfer-Encoding: chunked', 'Host: b', ' folded', 'X', 'X : y', 'X: \0'],
    (line) => post(['Transfer-Encoding: chunked'], `5\r\nhello\r\n0\r\n${line}\r\n\r\n${smuggled}`),
  ),
  ...each('an upgrade to', ['h2c', 'HTTP/2.0', 'TLS/1.0', 'websocket, h2c', ''], (protocol) =>
    post(
      ['Connection: Upgrade, HTTP2-Settings', `Upgrade: ${protocol}`, 'HTTP2-Settings: AAMAAABk'],
      smuggled,
      'GET / HTTP/1.1',
    ),
  ),
  ...each(
    'Connection names',
    ['Content-Length', 'Transfer-Encoding', 'Host', 'close, Content-Length'],
    (name) => post(['Content-Length: 5', `Connection: ${name}`]),
  ),
  ...each('an expectation', ['100-continue', '200-ok', '100-Continue, x', ''], (value) =>
    post(['Content-Length: 5', `Expect: ${value}`]),
  ),
];
