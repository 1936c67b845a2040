// HPACK: the examples of RFC 7541 Appendix C, and whatever one side writes the other reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFieldNames } from '../../../../src/lib/http2/field-names.ts';
import { ConnectionFault } from '../../../../src/lib/http2/frames.ts';
import { HpackDecoder } from '../../../../src/lib/http2/hpack-decoder.ts';
import { HpackEncoder } from '../../../../src/lib/http2/hpack-encoder.ts';

const limits = { maxBytes: 65_536, maxFields: 100 };
const decoder = (tableBytes = 4096): HpackDecoder => {
  const made = new HpackDecoder(limits);
  if (tableBytes !== 4096) {
    made.allow(tableBytes);
    made.decode(Buffer.from([0x3f, 0xe1, 0x01]));
  }
  return made;
};
const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

const first = [':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'www.example.com'];
const second = [...first, 'cache-control', 'no-cache'];
const third = [
  ...[':method', 'GET', ':scheme', 'https', ':path', '/index.html', ':authority', 'www.example.com'],
  ...['custom-key', 'custom-value'],
];
const answers = [
  [
    ...[':status', '302', 'cache-control', 'private', 'date', 'Mon, 21 Oct 2013 20:13:21 GMT'],
    ...['location', 'https://www.example.com'],
  ],
  [
    ...[':status', '307', 'cache-control', 'private', 'date', 'Mon, 21 Oct 2013 20:13:21 GMT'],
    ...['location', 'https://www.example.com'],
  ],
  [
    ...[':status', '200', 'cache-control', 'private', 'date', 'Mon, 21 Oct 2013 20:13:22 GMT'],
    ...['location', 'https://www.example.com', 'content-encoding', 'gzip'],
    ...['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
  ],
];

const examples = [
  {
    name: 'C.3: requests without Huffman code',
    tableBytes: 4096,
    blocks: [
      '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
      '8286 84be 5808 6e6f 2d63 6163 6865',
      '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
    ],
    lists: [first, second, third],
  },
  {
    name: 'C.4: requests with Huffman code',
    tableBytes: 4096,
    blocks: [
      '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
      '8286 84be 5886 a8eb 1064 9cbf',
      '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
    ],
    lists: [first, second, third],
  },
  {
    name: 'C.6: answers with Huffman code, and a table that is too small for all',
    tableBytes: 256,
    blocks: [
      '4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
      '4883 640e ffc1 c0bf',
      '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
    ],
    lists: answers,
  },
];

for (const { name, tableBytes, blocks, lists } of examples) {
  test(`reads RFC 7541 ${name}`, () => {
    const reader = decoder(tableBytes);
    assert.deepEqual(
      blocks.map((block) => reader.decode(bytes(block)).fields),
      lists,
    );
  });
}

test('writes RFC 7541 C.4 as it stands there', () => {
  const encoder = new HpackEncoder(createFieldNames(), 4096);
  const into = Buffer.alloc(1024);
  for (const [at, block] of examples[1]?.blocks.entries() ?? []) {
    const fields = examples[1]?.lists[at] ?? [];
    const end = encoder.encode(fields, into, 0);
    assert.equal(into.toString('hex', 0, end), bytes(block).toString('hex'));
    assert.ok(end <= HpackEncoder.maxBytes(fields));
  }
});

const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const value = fc.oneof(
  fc.constantFrom('', 'GET', '200', 'gzip, deflate', 'a', 'x'.repeat(3_000)),
  fc.stringMatching(/^[!-~\x80-\xff]{1,40}$/),
);
const name = fc.oneof(
  fc.constantFrom(':status', ':method', ':path', 'set-cookie', 'Content-Type', 'x-a', 'date', 'etag'),
  token,
);
const list = fc.array(fc.tuple(name, value), { maxLength: 12 }).map((pairs) => pairs.flat());
const sizes = fc.constantFrom(undefined, undefined, 0, 64, 300, 4096, 70_000);

test('what is written is read, whatever sizes the table is set to in between', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(list, sizes), { maxLength: 30 }), (steps) => {
      const encoder = new HpackEncoder(createFieldNames(), 8_192);
      const reader = decoder();
      for (const [fields, size] of steps) {
        if (size !== undefined) {
          encoder.allow(size);
          reader.allow(size);
        }
        const into = Buffer.alloc(HpackEncoder.maxBytes(fields));
        const read = reader.decode(into.subarray(0, encoder.encode(fields, into, 0)));
        const wanted = fields.map((text, at) => (at % 2 === 0 ? text.toLowerCase() : text));
        assert.deepEqual(read.fields, wanted);
        assert.equal(read.isMalformed, false);
      }
    }),
  );
});

test('no bytes do more than end in a fault', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (blocks) => {
      const reader = decoder();
      try {
        for (const block of blocks) reader.decode(Buffer.from(block));
      } catch (error) {
        assert.ok(error instanceof ConnectionFault);
      }
    }),
  );
});

test('a list is followed beyond its bound, but not kept', () => {
  const reader = new HpackDecoder({ maxBytes: 10_000, maxFields: 100 });
  const entry = Buffer.from(`\x40\x01x\x7f${'\xb9\x16'}${'v'.repeat(3_000)}`, 'latin1');
  const bomb = reader.decode(Buffer.concat([entry, Buffer.alloc(8_000, 0xbe)]));
  assert.equal(bomb.isTooLarge, true);
  assert.equal(bomb.fields.length, 2 * 3);
  assert.equal(bomb.bytes, 8_001 * 3_033);
  assert.deepEqual(reader.decode(Buffer.from([0x82])).fields, [':method', 'GET']);
});

const faults: Readonly<Record<string, string>> = {
  'an index beyond the table': 'ff 80 01',
  'index 0': '80',
  'a size above the allowed one': '3f e1 ff 7f',
  'a size behind a field': '82 20',
  'a text that ends too early': '00 05 61',
  'a number without end': 'ff ff ff ff ff ff ff ff',
  'EOS within a text': '00 84 ff ff ff ff 00',
  'padding of more than 7 bits': '00 83 1f ff ff 00',
};

for (const [name, block] of Object.entries(faults)) {
  test(`${name} is a fault of the connection`, () => {
    assert.throws(() => decoder().decode(bytes(block)), ConnectionFault);
  });
}

test('a table that the peer must make smaller, and does not, is a fault', () => {
  const reader = decoder();
  reader.allow(100);
  assert.throws(() => reader.decode(bytes('82')), ConnectionFault);
});

for (const [what, text] of Object.entries({
  'an upper-case name': '\0\x01A\x01b',
  'a name with a blank': '\0\x02a \x01b',
  'no name': '\0\0\x01b',
  'a value with a line break': '\0\x01a\x02b\n',
  'a value that begins with a blank': '\0\x01a\x02 b',
})) {
  test(`${what} is told, and kept apart in the table`, () => {
    const reader = decoder();
    assert.equal(reader.decode(Buffer.from(text, 'latin1')).isMalformed, true);
    reader.decode(Buffer.from(text.replace('\0', '\x40'), 'latin1'));
    assert.equal(reader.decode(bytes('be')).isMalformed, true);
    assert.equal(reader.decode(bytes('82')).isMalformed, false);
  });
}
