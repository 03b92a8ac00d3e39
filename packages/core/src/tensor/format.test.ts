import { reference } from '@sinapse/backend-reference';
import { inspect } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import { Parameter, State } from '../model/parameter.ts';
import { full, ones, range, tensor, zeros } from './creation.ts';
import { formatTensor, shortest } from './format.ts';

beforeAll(() => void use(reference()));

const matrix = tensorOf([
  [1, 20],
  [300, 4],
]);
function tensorOf(values: Parameters<typeof tensor>[0]) {
  return () => tensor(values);
}

describe('String(tensor)', () => {
  test.each([
    [1.5, 'float32 [] 1.5'],
    [[1, 1e-5], 'float32 [2] [1, 0.00001]'],
    [[0.1, 1 / 3, 16777216], 'float32 [3] [0.1, 0.33333334, 16777216]'],
    [[1, -2.25, NaN, Infinity, -Infinity], 'float32 [5] [1, -2.25, NaN, Infinity, -Infinity]'],
    [[-0, 0], 'float32 [2] [-0, 0]'],
    [[1e-9, 1], 'float32 [2] [1e-9, 1e+0]'],
    [[1e8, -1.5], 'float32 [2] [1e+8, -1.5e+0]'],
    [[true, false], 'bool [2] [true, false]'],
    [[], 'float32 [0] (empty)'],
    [[[], []], 'float32 [2,0] (empty)'],
  ])('%j', (values, text) => expect(String(tensor(values as never))).toBe(text));

  test('rows stand in columns, with as many decimals as one of them needs', () => {
    expect(String(matrix())).toBe('float32 [2,2]\n[[  1,  20],\n [300,   4]]');
    expect(String(tensor([[1, 0.25], [NaN, -10]]))).toBe('float32 [2,2]\n[[  1.00,   0.25],\n [   NaN, -10.00]]'); // prettier-ignore
    expect(String(tensor([[1, 1.5e-9]]))).toBe('float32 [1,2]\n[[1.0e+0, 1.5e-9]]');
    expect(String(tensor([[true], [false]]))).toBe('bool [2,1]\n[[ true],\n [false]]');
  });

  test('blocks stand apart', () => {
    expect(String(tensor([[[1], [2]], [[3], [4]]]))).toBe('float32 [2,2,1]\n[[[1],\n  [2]],\n\n [[3],\n  [4]]]'); // prettier-ignore
  });

  test('long axes show their ends', () => {
    expect(String(range(1000))).toBe('int32 [1000] [0, 1, 2, …, 997, 998, 999]');
    expect(String(range(200).reshape([20, 10]))).toBe(
      [
        'int32 [20,10]',
        '[[  0,   1,   2, …,   7,   8,   9],',
        ' [ 10,  11,  12, …,  17,  18,  19],',
        ' [ 20,  21,  22, …,  27,  28,  29],',
        ' …,',
        ' [170, 171, 172, …, 177, 178, 179],',
        ' [180, 181, 182, …, 187, 188, 189],',
        ' [190, 191, 192, …, 197, 198, 199]]',
      ].join('\n'),
    );
    expect(String(full([50, 64], 0.5))).toContain('[[0.5, 0.5, …, 0.5, 0.5],\n');
    expect(String(zeros([8, 28, 28, 1]))).toBe('float32 [8,28,28,1] (6272 values: 0, 0, 0, …)');
  });

  test('no text is longer than 21 lines of 80 characters', () => {
    const shapes = [
      [100],
      [99],
      [33, 3],
      [16, 6],
      [5, 20],
      [2, 50],
      [12, 8],
      [9, 1, 9],
      [4, 5, 5],
      [300, 300],
      [64, 64, 64],
      [1, 100],
      [2, 2, 2, 2, 6],
    ];
    for (const shape of shapes) {
      const lines = String(full(shape, -1.2345678)).split('\n');
      const longest = Math.max(...lines.map((line) => line.length));
      expect({ shape, fits: lines.length <= 21 && longest <= 80 }).toEqual({ shape, fits: true });
    }
  });

  test('a long row is broken', () => {
    expect(String(range(40).reshape([1, 40]))).toBe(
      `int32 [1,40]\n[[ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17, 18,\n  19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37,\n  38, 39]]`,
    );
  });

  test('half precision is printed as its values, not its bits', () => {
    // IEEE 754 binary16: 1, -2, the least subnormal 2^-24, the largest 65504, infinity
    expect(formatTensor('float16', [5], Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x7c00, 0x7e00))).toBe(
      'float16 [5] [1, -2, 65504, Infinity, NaN]',
    );
    expect(formatTensor('float16', [], Uint16Array.of(1))).toBe('float16 [] 5.9604645e-8');
    expect(formatTensor('bfloat16', [3], Uint16Array.of(0x3f80, 0xc000, 0x4049))).toBe('bfloat16 [3] [1, -2, 3.140625]');
  });

  test('digits are the fewest that give the same float32', () => {
    for (let i = 0; i < 2000; i++) {
      const value = Math.fround(Math.exp((i - 1000) / 15) * (1 + Math.sin(i) / 3));
      expect(Math.fround(shortest(value))).toBe(value);
    }
    expect([0.1, 1e-5, 16777216, 3.4028235e38].map((value) => shortest(Math.fround(value)))).toEqual([0.1, 1e-5, 16777216, 3.4028235e38]);
  });
});

describe('console.log in Node', () => {
  test('a tensor by itself is its text', () => {
    expect(inspect(tensor([1, 1e-5]))).toBe('float32 [2] [1, 0.00001]');
    expect(inspect(matrix())).toBe(String(matrix()));
  });

  test('among other things it takes one line', () => {
    expect(inspect({ x: matrix(), list: [tensor([1, 2]), zeros([100])] })).toBe(
      '{\n  x: float32 [2,2] [[1, 20], [300, 4]],\n  list: [ float32 [2] [1, 2], float32 [100] (100 values: 0, 0, 0, …) ]\n}',
    );
    expect(inspect(new Error('failed', { cause: tensor([1]) }))).toContain('[cause]: float32 [1] [1]');
  });

  test('depth and colours are those asked for', () => {
    expect(inspect({ a: { b: tensor(1) } }, { depth: 1 })).toBe('{ a: { b: [Tensor] } }');
    expect(inspect(tensor(1), { colors: true })).toBe('\u001b[36mfloat32 [] 1\u001b[39m');
  });

  test('parameters and states', () => {
    const parameter = new Parameter(matrix());
    expect(inspect(parameter)).toBe('Parameter float32 [2,2] trainable\n[[  1,  20],\n [300,   4]]');
    expect(String(parameter)).toBe(inspect(parameter));
    parameter.trainable = false;
    expect(inspect({ kernel: parameter, mean: new State(zeros([2])) })).toBe(
      '{ kernel: Parameter float32 [2,2] frozen, mean: State float32 [2] }',
    );
    parameter.dispose();
    expect(String(parameter)).toBe('Parameter float32 [2,2] frozen (disposed)');
  });

  test('values that cannot be read are left out, without an error', () => {
    const disposed = tensor([1, 2]);
    disposed.dispose();
    expect(inspect(disposed)).toBe('float32 [2] (disposed)');
    const backend = reference();
    backend.readSync = () => {
      throw new Error('lost');
    };
    const lost = tensor([1, 2]).to(backend);
    return lost.then((x) => expect([inspect(x), String(x), JSON.stringify(x)]).toEqual(['float32 [2] on reference', 'float32 [2] on reference', '{"dtype":"float32","shape":[2]}'])); // prettier-ignore
  });

  test('a browser shows the name of the class, also where a bundler shortened it', () => {
    expect([tensor(1), new Parameter(tensor(1)), new State(tensor(1))].map((each) => Object.prototype.toString.call(each))).toEqual([
      '[object Tensor]',
      '[object Parameter]',
      '[object State]',
    ]);
    expect(Object.keys(tensor(1)).slice(0, 3)).toEqual(['dtype', 'shape', 'size']);
  });
});

describe('JSON.stringify', () => {
  test('up to 1000 values are written in full, and can be read again', () => {
    expect(JSON.stringify(tensor([[0.1, 2], [-3, 1e-5]]))).toBe('{"dtype":"float32","shape":[2,2],"values":[[0.1,2],[-3,0.00001]]}'); // prettier-ignore
    expect(JSON.stringify(tensor([true, false]))).toBe('{"dtype":"bool","shape":[2],"values":[true,false]}');
    expect(JSON.stringify({ kernel: new Parameter(tensor(NaN)) })).toBe('{"kernel":{"dtype":"float32","shape":[],"values":null}}');
    const { values, shape, dtype } = range(1000).toJSON();
    expect([...tensor(values!, { shape, dtype }).dataSync()]).toEqual([...range(1000).dataSync()]);
  });

  test('more values are shortened to text', () => {
    expect(JSON.stringify(range(1001))).toBe('{"dtype":"int32","shape":[1001],"text":"int32 [1001] [0, 1, 2, …, 998, 999, 1000]"}');
    expect(JSON.stringify(ones([100, 100])).length).toBeLessThan(400);
  });
});
