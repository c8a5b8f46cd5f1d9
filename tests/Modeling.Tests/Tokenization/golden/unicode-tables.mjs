// Reads the Unicode tables of Hugging Face's tokenizers out of the library itself, by asking it about every scalar value, and writes them
// as C# (src/Modeling/Tokenization/Unicode/UnicodeData.cs). Usage: node unicode-tables.mjs [directory that holds node_modules]
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join, resolve } from 'node:path';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(resolve(process.argv[2] ?? '.') + '/');
const { Tokenizer } = require('tokenizers');
const version = require('tokenizers/package.json').version;

const definition = (parts) => JSON.stringify({
  version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null,
  decoder: null,
  model: {
    type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false,
    byte_fallback: false, ignore_merges: false, vocab: {}, merges: [],
  },
  ...parts,
});
const scalars = [];
for (let c = 0; c <= 0x10ffff; c++) if (c < 0xd800 || c > 0xdfff) scalars.push(c);
const text = (...codes) => String.fromCodePoint(...codes);
const codes = (s) => Array.from(s, (c) => c.codePointAt(0));

// A class of characters as a pattern sees it: with Removed and invert only the matches are left over.
function matches(preTokenizer) {
  const split = Tokenizer.fromString(definition({ pre_tokenizer: preTokenizer })).getPreTokenizer();
  const found = [];
  for (let i = 0; i < scalars.length; i += 4096) {
    for (const [piece] of split.preTokenizeString(scalars.slice(i, i + 4096).map((c) => text(c)).join(''))) found.push(...codes(piece));
  }
  return found;
}
const regex = (pattern) => matches({ type: 'Split', pattern: { Regex: pattern }, behavior: 'Removed', invert: true });

// What an added token's neighbour must be for the token to match (single_word) or to be swallowed (rstrip).
async function neighbours(options, asks) {
  const token = { id: 0, content: 'X', single_word: false, lstrip: false, rstrip: false, normalized: false, special: false, ...options };
  const tokenizer = Tokenizer.fromString(definition({ added_tokens: [token] }));
  const found = [];
  for (let i = 0; i < scalars.length; i += 4096) {
    const block = scalars.slice(i, i + 4096);
    const encodings = await tokenizer.encodeBatch(block.map((c) => 'X' + text(c)), { addSpecialTokens: false });
    block.forEach((c, j) => { if (asks(encodings[j])) found.push(c); });
  }
  return found;
}

// Pieces that are not the class are dropped by Digits only if they are told apart: ask one character at a time between two letters.
function numeric() {
  const digits = Tokenizer.fromString(definition({ pre_tokenizer: { type: 'Digits', individual_digits: true } })).getPreTokenizer();
  return scalars.filter((c) => digits.preTokenizeString('a' + text(c)).length === 2);
}

function ranges(list) {
  const out = [];
  for (const c of list) {
    if (out.length > 0 && out[out.length - 1][1] === c - 1) out[out.length - 1][1] = c;
    else out.push([c, c]);
  }
  return out;
}

// Canonical decompositions, combining classes and compositions, all by asking NFD and NFC.
function normalization() {
  const nfd = (s) => d.normalizeString(s);
  const nfc = (s) => n.normalizeString(s);
  const d = Tokenizer.fromString(definition({ normalizer: { type: 'NFD' } })).getNormalizer();
  const n = Tokenizer.fromString(definition({ normalizer: { type: 'NFC' } })).getNormalizer();
  const hangul = (c) => c >= 0xac00 && c < 0xac00 + 11172;

  // Combining classes, up to order: marks sort among themselves; a mark that moves in front of an acute or behind a dot below is one.
  const marks = scalars.filter((c) => {
    const s = text(c);
    if (nfd(s) !== s) return false;
    return nfd('a\u0345' + s) !== 'a\u0345' + s || nfd('a' + s + '\u0334') !== 'a' + s + '\u0334';
  });
  const less = (a, b) => nfd('a' + text(b) + text(a)) !== 'a' + text(b) + text(a);
  const classes = [];
  for (const mark of marks) {
    let low = 0, high = classes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (less(classes[middle][0], mark)) low = middle + 1; else high = middle;
    }
    if (low < classes.length && !less(mark, classes[low][0])) classes[low].push(mark);
    else classes.splice(low, 0, [mark]);
  }

  const decompositions = [], compositions = [];
  for (const c of scalars) {
    if (hangul(c)) continue;
    const s = text(c), full = codes(nfd(s));
    if (full.length === 1 && full[0] === c) continue;
    decompositions.push([c, ...full]);
    if (full.length < 2 || nfc(s) !== s) continue;
    const first = codes(nfc(text(...full.slice(0, -1))));
    if (first.length !== 1) throw new Error(`the first part of U+${c.toString(16)} does not compose`);
    const last = full[full.length - 1];
    if (nfc(text(first[0], last)) !== s) throw new Error(`U+${c.toString(16)} does not compose of its parts`);
    compositions.push([first[0], last, c]);
  }
  return { classes, decompositions, compositions };
}

const hex = (n) => '0x' + n.toString(16).toUpperCase();
function rows(values) {
  const lines = [];
  let line = '       ';
  for (const value of values) {
    if (line.length + value.length + 2 > 138) { lines.push(line); line = '       '; }
    line += ' ' + value + ',';
  }
  lines.push(line);
  return lines.join('\n');
}
const table = (summary, type, name, values) =>
  `    /// <summary>${summary}</summary>\n    public static ReadOnlySpan<${type}> ${name} =>\n    [\n${rows(values)}\n    ];\n`;
const rangeTable = (summary, name, list) =>
  table(summary, 'int', name, ranges(list).flatMap(([a, b]) => [hex(a), hex(b)]));

const space = regex('\\s');
const stripped = await neighbours({ rstrip: true }, (e) => e.getTokens()[0].length > 1);
if (space.join() !== stripped.join()) throw new Error('white space of the patterns and of added tokens differ: they need a table each');
const { classes, decompositions, compositions } = normalization();
const source = `// <auto-generated>tests/Modeling.Tests/Tokenization/golden/unicode-tables.mjs wrote this file.</auto-generated>
namespace Atlas.Modeling.Tokenization.Unicode;

/// <summary>
/// The Unicode tables of Hugging Face's tokenizers ${version} as that library answered when asked about every scalar value. They are kept
/// here, and not taken from the runtime, because each of that library's parts follows its own version of Unicode, and token ids depend on it.
/// Classes are ranges: first and last code point, in turn.
/// </summary>
internal static class UnicodeData
{
${[
  rangeTable('<c>\\p{L}</c> of the pre-tokenizer patterns.', 'Letter', regex('\\p{L}')),
  rangeTable('<c>\\p{N}</c> of the pre-tokenizer patterns.', 'Number', regex('\\p{N}')),
  rangeTable('<c>\\s</c> of the pre-tokenizer patterns, and beside an added token with lstrip or rstrip.', 'Space', space),
  rangeTable('What the Digits pre-tokenizer takes for numeric.', 'Numeric', numeric()),
  rangeTable('<c>\\w</c> beside an added token with single_word.', 'Word', await neighbours({ single_word: true }, (e) => e.getLength() === 0)),
  table('Canonical combining classes, numbered in their order from 1: number, first and last code point, in turn.', 'int', 'CombiningClass',
    classes.flatMap((list, i) => ranges([...list].sort((a, b) => a - b)).flatMap(([a, b]) => [String(i + 1), hex(a), hex(b)]))),
  table('Full canonical decompositions, Hangul syllables excepted: code point, number of parts, parts, in turn.', 'int', 'Decomposition',
    decompositions.flatMap(([c, ...parts]) => [hex(c), String(parts.length), ...parts.map(hex)])),
  table('Canonical compositions, Hangul syllables excepted: first part, second part, composite, in turn.', 'int', 'Composition',
    compositions.flatMap((c) => c.map(hex))),
].join('\n')}}
`;
const target = join(here, '../../../../src/Modeling/Tokenization/Unicode/UnicodeData.cs');
writeFileSync(target, source);
console.log(`${target}: ${classes.length} combining classes, ${decompositions.length} decompositions, ${compositions.length} compositions`);
