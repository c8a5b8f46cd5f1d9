// Writes <style>.golden.json: what Hugging Face's tokenizers make of the texts of texts.json, of every Unicode scalar value, and of random
// texts and tokens. Golden.cs computes the same hashes. Usage: node make-golden.mjs [directory that holds node_modules]
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(resolve(process.argv[2] ?? '.') + '/');
const { Tokenizer } = require('tokenizers');
const version = require('tokenizers/package.json').version;
const texts = JSON.parse(readFileSync(join(here, 'texts.json'), 'utf8'));

const randomTexts = 4000, randomTokens = 1000;
const hex = (n) => (n >>> 0).toString(16).padStart(8, '0');
const start = 0x811c9dc5 | 0;
const hash = (values, h = start) => {
  for (const value of values) h = Math.imul(h ^ value, 16777619);
  return h;
};
const units = (s) => { const list = []; for (let i = 0; i < s.length; i++) list.push(s.charCodeAt(i)); return list; };

// mulberry32
function generator(state) {
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

function randomText(seed) {
  const next = generator(seed);
  let text = '';
  for (let parts = 1 + next(12); parts > 0; parts--) {
    const kind = next(8);
    if (kind < 5) { text += texts.fragments[next(texts.fragments.length)]; continue; }
    const code = next([0x100, 0x3100, 0x110000][kind - 5]);
    text += String.fromCodePoint(code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
  }
  return text;
}

for (const style of ['gpt2', 'llama3', 'qwen2']) {
  const tokenizer = Tokenizer.fromFile(join(here, `${style}.tokenizer.json`));
  const ids = async (text, addSpecialTokens) => (await tokenizer.encode(text, null, { addSpecialTokens })).getIds();
  const templates = style === 'qwen2' ? [...texts.templates, ...texts.normalizationTemplates] : texts.templates;

  let blocks = '';
  for (let block = 0; block < 0x1100; block++) {
    if (block >= 0xd8 && block < 0xe0) continue;
    let h = start;
    for (const template of templates) {
      let text = '';
      for (let c = block * 256; c < block * 256 + 256; c++) text += template.replaceAll('{c}', () => String.fromCodePoint(c)) + ' ';
      h = hash(await ids(text, false), h);
    }
    blocks += hex(h);
  }

  const strings = [];
  for (const text of texts.strings) strings.push(await ids(text, true));

  let random = '';
  for (let seed = 0; seed < randomTexts; seed++) random += hex(hash(await ids(randomText(seed), seed % 2 === 1)));

  let decoded = '';
  const size = tokenizer.getVocabSize(true);
  for (let seed = 0; seed < randomTokens; seed++) {
    const next = generator(seed);
    const tokens = [];
    for (let count = 1 + next(20); count > 0; count--) tokens.push(next(4) === 0 ? next(256) : next(size + 3));
    decoded += hex(hash(units(await tokenizer.decode(tokens, true)), hash(units(await tokenizer.decode(tokens, false)))));
  }

  const path = join(here, `${style}.golden.json`);
  writeFileSync(path, JSON.stringify({ library: `tokenizers ${version} (npm)`, blocks, strings, random, decoded }) + '\n');
  console.log(path);
}
