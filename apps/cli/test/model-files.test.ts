import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sinapse, small, testFolder } from './sinapse.ts';

const folder = testFolder();

type Card = Record<string, unknown> & { options: Record<string, unknown> };
interface Header {
  [name: string]: unknown;
  __metadata__: { card: string };
}

let header: Header;
let data: Uint8Array;

beforeAll(async () => {
  await sinapse(...small, '--out', 'run');
  const bytes = readFileSync(join(folder, 'run/model.safetensors'));
  const length = Number(bytes.readBigUInt64LE(0));
  header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Header;
  data = bytes.subarray(8 + length);
});

function safetensors(head: object | string, values: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(typeof head === 'string' ? head : JSON.stringify(head));
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(text.length), true);
  return Buffer.concat([new Uint8Array(length.buffer), text, values]);
}

function withCard(change: (card: Card) => void): Uint8Array {
  const card = JSON.parse(header.__metadata__.card) as Card;
  change(card);
  return safetensors({ ...header, __metadata__: { ...header.__metadata__, card: JSON.stringify(card) } }, data);
}

const hostile: [string, () => Uint8Array, RegExp][] = [
  ['no bytes', () => new Uint8Array(), /has 0 bytes/],
  ['an image', () => Buffer.from('\x89PNG\r\n\x1a\nand so on and so on'), /header says/],
  ['a header larger than the file', () => Buffer.from('ffffffffffffff0f7b7d', 'hex'), /header says \d+ bytes, the file has 10/],
  ['a header that is no JSON', () => safetensors('{"a', new Uint8Array()), /header: /],
  [
    'overlapping arrays',
    () =>
      safetensors(
        { a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] }, b: { dtype: 'F32', shape: [2], data_offsets: [4, 12] } },
        new Uint8Array(12),
      ),
    /inside array "a"/,
  ],
  ['its end missing', () => safetensors(header, data.subarray(0, -100)), /ends at byte/],
  ['another kind of file', () => readFileSync(join(folder, 'run/checkpoint.safetensors')), /is not a model of Sinapse/],
  [
    'an unknown architecture',
    () => withCard((card) => (card['architecture'] = 'lenet6')),
    /model lenet6 is not known; did you mean lenet5\?/,
  ],
  ['the name of a built-in', () => withCard((card) => (card['architecture'] = '__proto__')), /model __proto__ is not known/],
  [
    'a name that speaks to the terminal',
    () => withCard((card) => (card['architecture'] = '\u001b[2Jevil\n')),
    /model \?\[2Jevil is not known/,
  ],
  ['another input shape', () => withCard((card) => (card.options['inputShape'] = [32, 32, 1])), /"dense1\/kernel" has shape/],
  ['unknown options', () => withCard((card) => (card.options['colour'] = 'red')), /colour is no option/],
  ['too few labels', () => withCard((card) => (card['labels'] = ['a'])), /names 1 classes, its model tells 10 apart/],
  [
    'odd preprocessing',
    () => withCard((card) => (card['preprocessing'] = { scale: 'large' })),
    /scale: expected a finite number, got "large"/,
  ],
];

describe('a model file is not trusted: it ends with 1 and one line when it has', () => {
  it.each(hostile)('%s', async (_, make, message) => {
    writeFileSync(join(folder, 'hostile.safetensors'), make());
    const { code, stdout, stderr } = await sinapse('predict', 'hostile.safetensors', 'any.png', '--json');
    expect(stderr).toMatch(message);
    expect(stderr).toContain('hostile.safetensors');
    expect(stderr).not.toContain('\u001b');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  it('images of another size than the data set', async () => {
    writeFileSync(
      join(folder, 'padded.safetensors'),
      withCard((card) => (card['preprocessing'] = { scale: 1, pad: 2 })),
    );
    const { code, stderr } = await sinapse('evaluate', 'padded.safetensors', '--dataset', 'digits', '--test-limit', '10');
    expect(stderr).toBe('sinapse: padded.safetensors takes images of [28,28,1] (height, width, channels), those of digits are [32,32,1]\n');
    expect(code).toBe(1);
  });
});
