// Makes the three tokenizers of the golden tests from vocabularies that BpeTrainer trained: merges that cross the borders of pieces (so that
// a wrong border shows in the ids), and added tokens of every kind. Usage: node fixtures.mjs <folder with base-*.json>
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const character = (() => {
  const map = [];
  let next = 256;
  for (let b = 0; b < 256; b++) {
    map.push(String.fromCharCode((b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae ? b : next++));
  }
  return map;
})();

function cross(model) {
  const merge = (left, right) => {
    if (left + right in model.vocab) return;
    model.vocab[left + right] = Object.keys(model.vocab).length;
    model.merges.push([left, right]);
  };
  for (let b = 0x80; b < 0x100; b++) {
    const c = character[b];
    for (const left of ['a', ' ', "'", '1', '\n']) merge(character[left.charCodeAt(0)], c);
    for (const right of ['b', '1', '\n', ' ']) merge(c, character[right.charCodeAt(0)]);
  }
  for (const pair of ['11', '1111', "'s", "'S", "s'", '\n\n', '\n\n\n\n', ' \n', '\n ', ' a', 'a1', '1a', "a'", '!1', '!a', '! ', '!\n', '\r\n', '\t ', ' \t']) {
    const half = pair.length / 2;
    const token = (s) => Array.from(s, (c) => character[c.charCodeAt(0)]).join('');
    merge(token(pair.slice(0, half)), token(pair.slice(half)));
  }
}

function add(tokenizer, content, options) {
  const known = tokenizer.model.vocab[content];
  const id = known ?? Object.keys(tokenizer.model.vocab).length + tokenizer.added_tokens.filter((t) => !(t.content in tokenizer.model.vocab)).length;
  tokenizer.added_tokens.push({
    id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: false, ...options,
  });
  return id;
}

for (const style of ['gpt2', 'llama3', 'qwen2']) {
  const tokenizer = JSON.parse(readFileSync(join(process.argv[2], `base-${style}.json`), 'utf8'));
  cross(tokenizer.model);
  tokenizer.added_tokens = [];
  const begin = add(tokenizer, '<|begin|>', { special: true });
  const end = add(tokenizer, '<|end|>', { special: true });
  if (style === 'gpt2') {
    // The older layout: merges as strings, and fields that came later left out.
    tokenizer.model.merges = tokenizer.model.merges.map(([a, b]) => `${a} ${b}`);
    delete tokenizer.model.ignore_merges;
    delete tokenizer.model.byte_fallback;
    tokenizer.model.continuing_subword_prefix = '';
    tokenizer.model.end_of_word_suffix = '';
    add(tokenizer, '<mask>', { special: true, lstrip: true });
    add(tokenizer, 'word', { single_word: true, normalized: true });
  }
  if (style === 'llama3') {
    tokenizer.post_processor = {
      type: 'Sequence',
      processors: [
        { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true },
        {
          type: 'TemplateProcessing',
          single: [{ SpecialToken: { id: '<|begin|>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } },
            { SpecialToken: { id: '<|end|>', type_id: 0 } }],
          pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
          special_tokens: {
            '<|begin|>': { id: '<|begin|>', ids: [begin], tokens: ['<|begin|>'] },
            '<|end|>': { id: '<|end|>', ids: [end], tokens: ['<|end|>'] },
          },
        },
      ],
    };
    add(tokenizer, '<|be', { special: true });
    add(tokenizer, '<strip>', { lstrip: true, rstrip: true, special: true });
    add(tokenizer, ' <sp>', {});
    add(tokenizer, '\ud83c\udf89\ud83c\udf89', {});
  }
  if (style === 'qwen2') {
    tokenizer.normalizer = { type: 'Sequence', normalizers: [{ type: 'NFC' }] };
    tokenizer.decoder = { type: 'Sequence', decoders: [tokenizer.decoder] };
    add(tokenizer, '<think>', {});
    add(tokenizer, '<right>', { rstrip: true, normalized: true });
    add(tokenizer, 'e\u0301t\u0065\u0301', { normalized: true, special: true });
    add(tokenizer, '\u212b', { normalized: false, single_word: true });
    add(tokenizer, 'the', {});
  }
  const path = join(here, `${style}.tokenizer.json`);
  writeFileSync(path, JSON.stringify(tokenizer));
  console.log(`${path}: ${Object.keys(tokenizer.model.vocab).length} tokens and ${tokenizer.added_tokens.length} added`);
}
