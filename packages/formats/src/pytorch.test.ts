// Files that PyTorch wrote (fixtures/record-python.py).

import { existsSync, readFileSync } from 'node:fs';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { decodePyTorch, FormatError } from './index.ts';

const fixture = (name: string): Uint8Array => Uint8Array.from(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
const f32 = (shape: readonly number[], values: Iterable<number>) => ({ dtype: 'float32', shape, data: Float32Array.from(values) });
const count = (length: number, from = 0): number[] => Array.from({ length }, (_, i) => from + i);

test('tensors of a checkpoint, by their names', () => {
  const arrays = decodePyTorch(fixture('checkpoint.pt'));
  const base = count(24).map((i) => (i - 7) / 4);
  expect(Object.fromEntries(arrays)).toEqual({
    'model.0.weight': f32([2, 1, 3, 3], count(18)),
    'model.0.bias': f32([2], count(2, 100)),
    'model.1.weight': f32([2], count(2, 200)),
    'model.1.bias': f32([2], count(2, 300)),
    'model.1.running_mean': f32([2], [0, 0]),
    'model.1.running_var': f32([2], [1, 1]),
    'model.1.num_batches_tracked': { dtype: 'int64', shape: [], data: BigInt64Array.of(0n) },
    parameter: f32([2], base.slice(0, 2)),
    whole: f32([2, 3, 4], base),
    part: f32([2, 3], base.slice(4, 10)),
    'transposed': f32([4, 2, 3], count(24).map((i) => base[(Math.floor(i / 3) % 2) * 12 + (i % 3) * 4 + Math.floor(i / 6)]!)), // prettier-ignore
    half: f32([3], [0.0999755859375, -2.5, 65504]),
    bfloat16: f32([3], [0.10009765625, -2.5, 3.00405527047391e38]),
    double: { dtype: 'float64', shape: [1], data: Float64Array.of(0.1) },
    long: { dtype: 'int64', shape: [1, 2], data: BigInt64Array.of(1n, -2n) },
    bool: { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) },
    uint8: { dtype: 'uint8', shape: [5], data: Uint8Array.from(count(5)) },
    scalar: f32([], [2.5]),
    empty: f32([0, 7], []),
    'list.0': f32([2], [1, 1]),
    'list.1': f32([1], [0]),
  });
});

test('floats of 16 bits stay what they are, on request', () => {
  const arrays = decodePyTorch(fixture('checkpoint.pt'), { keepHalves: true });
  expect(arrays.get('bfloat16')).toEqual({ dtype: 'bfloat16', shape: [3], data: Uint16Array.of(0x3dcd, 0xc020, 0x7f62) });
  expect(() => decodePyTorch(fixture('checkpoint.pt'), { keepHalfs: true } as never)).toThrow(
    new FormatError('pytorch: keepHalfs is no option; there is keepHalves'),
  );
});

test('tensors that share a storage have memory of their own, and the file is not touched', () => {
  const bytes = fixture('checkpoint.pt');
  const arrays = decodePyTorch(bytes);
  const [whole, part] = ['whole', 'part'].map((name) => arrays.get(name)!.data as Float32Array);
  whole!.fill(7);
  expect(part![0]).toBe(-0.75);
  expect(bytes).toEqual(fixture('checkpoint.pt'));
});

describe('refused', () => {
  const whole = 'save model.state_dict() alone';
  test.each([
    ['legacy.pt', 'the file has the form before PyTorch 1.6, a bare pickle; write it again in Python: torch.save(torch.load(path), path)'],
    ['whole-model.pt', `the file would call "torch.nn.modules.linear.Linear", and only tensors and dictionaries are read; ${whole}`],
    ['evil.pt', `the file would call "posix.system", and only tensors and dictionaries are read; ${whole}`],
    ['complex.pt', 'tensors of torch.ComplexFloatStorage are not read'],
    ['expanded.pt', 'tensor "w": [1000,1000] repeats elements of its storage; save a contiguous copy of it: x.clone()'],
    ['script.pt', 'the file is a TorchScript program; save model.state_dict() instead'],
    ['numpy.npz', 'the archive has no data.pkl: it is not one of torch.save'],
    ['fortran.npy', 'the file does not begin like one of torch.save, which is a zip archive'],
  ])('%s', (name, message) => {
    expect(() => decodePyTorch(fixture(name))).toThrow(new FormatError(`pytorch: ${message}`));
    expect(existsSync('/tmp/sinapse-was-here')).toBe(false);
  });

  /** A file with this pickle, and a storage of two float32. */
  const file = (...pickle: (number | string)[]): Uint8Array => {
    const bytes = pickle.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : [part]));
    return zipSync({ 'a/data.pkl': Uint8Array.from(bytes), 'a/data/0': new Uint8Array(8) });
  };
  const text = (words: string): (number | string)[] => [0x8c, words.length, words];
  /** A tensor of float32 with this offset, shape and strides. */
  const tensor = (offset: number, shape: number[], strides: number[], key = '0', length = 2): (number | string)[] => [
    'ctorch._utils\n_rebuild_tensor_v2\n(', '(', ...text('storage'), 'ctorch\nFloatStorage\n', ...text(key), ...text('cpu'), 'K', length, 'tQ',
    'K', offset, '(', ...shape.flatMap((size) => ['K', size]), 't(', ...strides.flatMap((stride) => ['K', stride]), 't', 0x89, 'NtR',
  ]; // prettier-ignore

  test('the hand-made file is read', () => {
    expect(decodePyTorch(file('}', ...text('w'), ...tensor(1, [1], [1]), 's.')).get('w')).toEqual(f32([1], [0]));
    expect(decodePyTorch(file(...tensor(0, [2], [1]), '.'))).toEqual(new Map([['tensor', f32([2], [0, 0])]]));
  });

  test.each<[string, Uint8Array, string]>([
    ['a tensor past its storage', file(...tensor(1, [2], [1]), '.'), 'tensor "tensor": [2] reaches element 2 of a storage of 2'],
    [
      'a missing storage',
      file(...tensor(0, [2], [1], '7'), '.'),
      'tensor "tensor": its storage "a/data/7" should have 2 elements of float32, it is missing',
    ],
    [
      'a short storage',
      file(...tensor(0, [2], [1], '0', 3), '.'),
      'tensor "tensor": its storage "a/data/0" should have 3 elements of float32, it has 8 bytes',
    ],
    ['strides too few', file(...tensor(0, [2], []), '.'), 'tensor "tensor": shape [2] and strides [] do not describe a tensor'],
    ['an empty stack', file('.'), 'it takes a value that is not there'],
    ['no end', file('}'), 'it ends at byte 1, within a value'],
    ['a mark that is not there', file('t.'), 'it takes values up to a mark that is not there'],
    ['an unknown memory', file('h', 3, '.'), 'it recalls value 3, which it never kept'],
    ['a call of a text', file(...text('x'), ')R.'), 'it calls something that is not a known function'],
    ['attributes of a list', file(']}b.'), 'it gives attributes to something that is not a dictionary'],
    [
      'an instance',
      file('cbuiltins\neval\n', ...text('1'), 0x85, 'R.'),
      `the file would call "builtins.eval", and only tensors and dictionaries are read; ${whole}`,
    ],
    ['an old opcode', file('(iposix\nsystem\n.'), 'the opcode 105 at byte 1 is not one that plain data need'],
    ['a text that is too long', file(0x8c, 200, 'x'), 'it ends at byte 3, within a value'],
    ['a text of 2^64 bytes', file(0x8d, 255, 255, 255, 255, 255, 255, 255, 255, 'x'), 'it ends at byte 10, within a value'],
    [
      'a dictionary in itself',
      file('}q', 0, ...text('a'), 'h', 0, 's.'),
      'its dictionaries lie more than 32 deep or hold more than 1000000 values',
    ],
    [
      'a list of a list of … twice each',
      file(']', ...Array.from({ length: 31 }, () => ['q', 0, ']h', 0, 'ah', 0, 'a']).flat(), '.'),
      'its dictionaries lie more than 32 deep or hold more than 1000000 values',
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => decodePyTorch(bytes)).toThrow(new FormatError(`pytorch: ${message}`));
  });

  test('one large storage as very many tensors', () => {
    const views = Array.from({ length: 100 }, () => [...tensor(0, [255], [1], '1', 255), 'a']).flat();
    const files = unzipSync(file(']', ...views, '.'));
    files['a/data/1'] = new Uint8Array(4 * 255);
    expect(() => decodePyTorch(zipSync(files, { level: 9 }))).toThrow('its tensors share storages so much that they would need over');
  });

  test('an archive of another byte order', () => {
    const files = unzipSync(fixture('checkpoint.pt'));
    files['checkpoint/byteorder'] = new TextEncoder().encode('big');
    expect(() => decodePyTorch(zipSync(files, { level: 0 }))).toThrow('written on a big-endian machine');
  });
});
