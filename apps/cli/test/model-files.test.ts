import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { safetensors } from './safetensors.ts';
import { sinapse, small, testFolder } from './sinapse.ts';

const folder = testFolder();

type Card = Record<string, unknown> & { architecture: { layer: unknown; arguments: [Record<string, unknown>] } };
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

function withCard(change: (card: Card) => void): Uint8Array {
  const card = JSON.parse(header.__metadata__.card) as Card;
  change(card);
  return safetensors({ ...header, __metadata__: { ...header.__metadata__, card: JSON.stringify(card) } }, data);
}

/** A file without arrays whose card describes a model. */
function described(architecture: object, inputShape: readonly number[]): Uint8Array {
  const card = JSON.stringify({ architecture, inputShape });
  return safetensors({ __metadata__: { format: 'sinapse-model', version: '2', card } }, new Uint8Array());
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
    () => withCard((card) => (card.architecture.layer = 'lenet6')),
    /the layer lenet6 is not among the functions given to make it; did you mean lenet5\?/,
  ],
  ['the name of a built-in', () => withCard((card) => (card.architecture.layer = '__proto__')), /the layer __proto__ is not among/],
  [
    'a name that speaks to the terminal',
    () => withCard((card) => (card.architecture.layer = '\u001b[2Jevil\n')),
    /the layer "\\u001b\[2Jevil\\n" is not among/,
  ],
  ['another input shape', () => withCard((card) => (card['inputShape'] = [32, 32, 1])), /"dense1\/kernel" has shape/],
  ['unknown options', () => withCard((card) => (card.architecture.arguments[0]['colour'] = 'red')), /colour is no option/],
  ['too few labels', () => withCard((card) => (card['labels'] = ['a'])), /names 1 classes, its model tells 10 apart/],
  ['weights alone', () => withCard((card) => (card['architecture'] = null as never)), /it holds weights alone/],
  [
    'an image of 70 billion pixels, for layers that fit any image',
    () => described({ layer: 'sequential', arguments: [[{ layer: 'globalAvgPool2d', arguments: [] }]] }, [2 ** 18, 2 ** 18, 3]),
    /the model takes \[262144,262144,3\], not images/,
  ],
  [
    'vectors',
    () => described({ layer: 'sequential', arguments: [[{ layer: 'flatten', arguments: [] }]] }, [3]),
    /the model takes \[3\], not images \[height, width, channels\]/,
  ],
  [
    'images',
    () => described({ layer: 'sequential', arguments: [[{ layer: 'maxPool2d', arguments: [{}] }]] }, [8, 8, 3]),
    /the model returns \[4,4,3\], not one score for each class/,
  ],
  [
    'the claim of a large resnet50, which takes seconds to draw',
    () =>
      withCard((card) => {
        card.architecture = { layer: 'resnet50', arguments: [{ classes: 10_000, inputShape: [1024, 1024, 16] }] };
        card['inputShape'] = [1024, 1024, 16];
      }),
    /weights: "conv1\/kernel" has shape \[5,5,1,6\], the model's has \[7,7,16,64\]/,
  ],
  [
    'the claim of an image of 512 by 512 by 16 for LeNet-5, whose weights would take 800 MB',
    () =>
      withCard((card) => {
        card.architecture.arguments[0]['inputShape'] = [512, 512, 16];
        card['inputShape'] = [512, 512, 16];
      }),
    /weights: "conv1\/kernel" has shape \[5,5,1,6\], the model's has \[5,5,16,6\]/,
  ],
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
