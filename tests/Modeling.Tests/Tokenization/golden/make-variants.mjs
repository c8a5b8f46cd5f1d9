// Writes variants.golden.json: a hash of the reference ids of each chosen text in texts.json, for the GPT-2 fixture with other
// pre-tokenizers, post-processors and normalizers. Usage: node make-variants.mjs [directory that holds node_modules]
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(resolve(process.argv[2] ?? '.') + '/');
const { Tokenizer } = require('tokenizers');
const texts = JSON.parse(readFileSync(join(here, 'texts.json'), 'utf8')).strings;
const base = JSON.parse(readFileSync(join(here, 'gpt2.tokenizer.json'), 'utf8'));

const llama3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const gpt2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const bytes = (add_prefix_space, use_regex) => ({ type: 'ByteLevel', add_prefix_space, trim_offsets: true, use_regex });
const split = (pattern, behavior, invert) => ({ type: 'Split', pattern, behavior, invert });
const sequence = (...pretokenizers) => ({ type: 'Sequence', pretokenizers });
const digits = (individual_digits) => ({ type: 'Digits', individual_digits });
const template = (single) => ({
  type: 'TemplateProcessing', single, pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 0 } }],
  special_tokens: { x: { id: 'x', ids: [5, 6], tokens: ['a', 'b'] }, y: { id: 'y', ids: [7], tokens: ['c'] } },
});
const special = (id) => ({ SpecialToken: { id, type_id: 0 } });
const text = { Sequence: { id: 'A', type_id: 0 } };

const variants = [
  { pre_tokenizer: bytes(true, true) },
  { pre_tokenizer: bytes(true, false) },
  { pre_tokenizer: bytes(false, false) },
  { pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false } },
  { pre_tokenizer: sequence(digits(true), bytes(false, true)) },
  { pre_tokenizer: sequence(digits(false), bytes(false, true)) },
  { pre_tokenizer: sequence(digits(true), bytes(true, true)) },
  { pre_tokenizer: sequence(split({ String: ' ' }, 'Isolated', false), bytes(false, false)) },
  { pre_tokenizer: sequence(split({ String: 'wor' }, 'Isolated', true), digits(true), bytes(true, false)) },
  { pre_tokenizer: sequence(split({ Regex: gpt2 }, 'Isolated', false), bytes(false, false)) },
  { pre_tokenizer: sequence(split({ Regex: gpt2 }, 'Removed', true), bytes(false, false)) },
  { pre_tokenizer: sequence(split({ Regex: llama3 }, 'Removed', true), bytes(false, true)) },
  { pre_tokenizer: sequence(split({ Regex: llama3 }, 'MergedWithPrevious', false), bytes(true, false)) },
  { pre_tokenizer: sequence(split({ Regex: llama3 }, 'MergedWithPrevious', true), bytes(false, false)) },
  { pre_tokenizer: sequence(split({ Regex: llama3 }, 'MergedWithNext', false), bytes(false, false)) },
  { pre_tokenizer: sequence(split({ Regex: llama3 }, 'MergedWithNext', true), bytes(false, false)) },
  { pre_tokenizer: sequence(split({ Regex: llama3 }, 'Contiguous', false), bytes(false, false)) },
  { pre_tokenizer: sequence(sequence(split({ Regex: llama3 }, 'Isolated', true)), sequence(bytes(false, false))) },
  { normalizer: { type: 'NFC' }, pre_tokenizer: sequence(split({ Regex: llama3 }, 'Contiguous', true), digits(false), bytes(true, true)) },
  { post_processor: template([special('x'), text, special('y'), special('x')]) },
  { post_processor: { type: 'Sequence', processors: [bytes(true, true), template([special('y'), text, special('y')]), bytes(false, false)] } },
  { post_processor: null, normalizer: { type: 'Sequence', normalizers: [] } },
];

const hex = (n) => (n >>> 0).toString(16).padStart(8, '0');
const hash = (values) => values.reduce((h, value) => Math.imul(h ^ value, 16777619), 0x811c9dc5 | 0);
const out = [];
for (const variant of variants) {
  const tokenizer = Tokenizer.fromString(JSON.stringify({ ...base, ...variant }));
  let hashes = '';
  for (const string of texts) hashes += hex(hash((await tokenizer.encode(string)).getIds()));
  out.push({ variant, hashes });
}
writeFileSync(join(here, 'variants.golden.json'), JSON.stringify(out) + '\n');
console.log(`${out.length} variants`);
