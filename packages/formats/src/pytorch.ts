// PyTorch's own file: a zip archive with a pickle that describes tensors, and one file for each storage (torch.save since PyTorch 1.6; torch/serialization.py).
// The pickle is read as data. Names of functions in it are compared with a short list, and nothing is ever called.

import { checkBytes } from './arguments.ts';
import type { DecodeOptions } from './decode-options.ts';
import { checkDecodeOptions } from './decode-options.ts';
import { FormatError, quote } from './format-error.ts';
import { widenHalves } from './half-floats.ts';
import type { NamedArray, NamedArrayDtype } from './named-array.ts';
import { ARRAY_TYPES, checkByteOrder } from './named-array.ts';
import type { PickleHost, PickleValue } from './pickle.ts';
import { PickleFunction, PickleReader } from './pickle.ts';
import { Storage, TensorView, checkView, gather } from './pytorch-tensor.ts';
import { isZip, readZip } from './zip.ts';

const LABEL = 'pytorch';
const PICKLE = 'data.pkl';

/** The dtypes of storages by their classes. */
const STORAGES: Readonly<Record<string, NamedArrayDtype>> = {
  'torch.DoubleStorage': 'float64',
  'torch.FloatStorage': 'float32',
  'torch.HalfStorage': 'float16',
  'torch.BFloat16Storage': 'bfloat16',
  'torch.LongStorage': 'int64',
  'torch.IntStorage': 'int32',
  'torch.ShortStorage': 'int16',
  'torch.CharStorage': 'int8',
  'torch.ByteStorage': 'uint8',
  'torch.BoolStorage': 'bool',
};

/** How deep dictionaries and lists may lie in each other. */
const DEEPEST = 32;

/** Most dictionaries, lists and values that are looked at: a pickle can hold one dictionary many times over. */
const MOST_VALUES = 1_000_000;

/** How many times the file's bytes its arrays may have together: tensors may share a storage, and each becomes an array of its own. */
const MOST_SHARING = 16;

/** Whether bytes look like a pickle: the form of a .pth file before PyTorch 1.6, and of other Python files. */
export function isPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5;
}

/**
 * Reads the bytes of a PyTorch file, `.pt` or `.pth`: a state dict, or dictionaries and lists that contain tensors. Names of nested ones are joined by
 * points: `state_dict.conv1.weight`. What is no tensor is left out. float16 and bfloat16 are widened to float32, which is exact.
 *
 * The file is untrusted and nothing in it is run. Of Python's functions only those that stand for tensors and dictionaries are known, all others are
 * refused by name: a file of a whole model, rather than of its state dict, cannot be read.
 * @returns the tensors by name, in the order of the file; each is row-major and has memory of its own
 * @throws FormatError when the bytes are not such a file; the message says what is wrong, and for files of older PyTorch what to do
 */
export function decodePyTorch(bytes: Uint8Array, options: DecodeOptions = {}): Map<string, NamedArray> {
  checkByteOrder(LABEL);
  checkBytes(LABEL, bytes);
  checkDecodeOptions(LABEL, options);
  if (isPickle(bytes))
    throw refused('the file has the form before PyTorch 1.6, a bare pickle; write it again in Python: torch.save(torch.load(path), path)');
  if (!isZip(bytes)) throw refused('the file does not begin like one of torch.save, which is a zip archive');
  const files = readZip(bytes, LABEL);
  const [name, pickle] = [...files].find(([file]) => file === PICKLE || file.endsWith(`/${PICKLE}`)) ?? [];
  if (name === undefined || pickle === undefined) throw refused(`the archive has no ${PICKLE}: it is not one of torch.save`);
  const folder = name.slice(0, -PICKLE.length);
  if (files.has(`${folder}constants.pkl`)) throw refused('the file is a TorchScript program; save model.state_dict() instead');
  if (text(files.get(`${folder}byteorder`)) === 'big')
    throw refused('the file was written on a big-endian machine; load and save it on another');

  const root = new PickleReader(pickle, LABEL, host(folder)).read();
  const views = tensorsIn(root);
  const arrays = new Map<string, NamedArray>();
  const kept = new Set<string>();
  let held = 0;
  for (const [path, view] of views) {
    const { storage, size } = view;
    const width = ARRAY_TYPES[storage.dtype].BYTES_PER_ELEMENT;
    const content = files.get(storage.file);
    const label = `${LABEL}: tensor ${quote(path)}`;
    if (content === undefined || content.length !== storage.length * width)
      throw new FormatError(
        `${label}: its storage ${quote(storage.file)} should have ${storage.length} elements of ${storage.dtype}, ${content === undefined ? 'it is missing' : `it has ${content.length} bytes`}`,
      );
    checkView(view, label);
    held += size * width;
    if (held > MOST_SHARING * bytes.length) throw refused(`its tensors share storages so much that they would need over ${held} bytes`);
    const array = gather(view, content, !kept.has(storage.file));
    kept.add(storage.file);
    arrays.set(path, options.keepHalves === true ? array : widenHalves(array));
  }
  return arrays;
}

/** What the pickle of a state dict may call. */
function host(folder: string): PickleHost {
  return {
    global: (name) => {
      if (Object.hasOwn(STORAGES, name)) return new PickleFunction(name, () => null);
      return Object.hasOwn(FUNCTIONS, name) ? new PickleFunction(name, FUNCTIONS[name]!) : undefined;
    },
    persistent: (id) => storageOf(id, folder),
    refusal: (name) =>
      /^torch\.\w+Storage$/.test(name) || name === 'torch.storage.UntypedStorage'
        ? `tensors of ${name} are not read`
        : `the file would call ${quote(name)}, and only tensors and dictionaries are read; save model.state_dict() alone`,
  };
}

/** Functions of Python by name, as far as they stand for plain data. */
const FUNCTIONS: Readonly<Record<string, (given: readonly PickleValue[]) => PickleValue>> = {
  'collections.OrderedDict': (given) => {
    if (given.length > 0) throw refused('a dictionary is not written as torch.save does');
    return new Map();
  },
  'torch.Size': ([lengths]) => lengths ?? [],
  'torch._utils._rebuild_tensor_v2': ([storage, offset, shape, strides]) => {
    if (!(storage instanceof Storage) || typeof offset !== 'number' || !Array.isArray(shape) || !Array.isArray(strides))
      throw refused('a tensor is not described as torch.save does');
    return new TensorView(storage, offset, shape as number[], strides as number[]);
  },
  'torch._utils._rebuild_parameter': ([tensor]) => tensor ?? null,
};

/** A storage is identified by `('storage', class, key, device, length)`; `data/key` holds its bytes. */
function storageOf(id: PickleValue, folder: string): Storage {
  const [kind, type, key, , length] = Array.isArray(id) ? (id as PickleValue[]) : [];
  const dtype = type instanceof PickleFunction ? STORAGES[type.name] : undefined;
  if (kind !== 'storage' || dtype === undefined || typeof key !== 'string' || typeof length !== 'number')
    throw refused('a storage is not described as torch.save does');
  return new Storage(dtype, `${folder}data/${key}`, length);
}

/** All tensors in a value, by the names of the dictionaries and the indices of the lists that lead to them. */
function tensorsIn(root: PickleValue): Map<string, TensorView> {
  const found = new Map<string, TensorView>();
  let looked = 0;
  const visit = (value: PickleValue, path: string, depth: number): void => {
    if (++looked > MOST_VALUES || depth > DEEPEST)
      throw refused(`its dictionaries lie more than ${DEEPEST} deep or hold more than ${MOST_VALUES} values`);
    if (value instanceof TensorView) {
      const name = path === '' ? 'tensor' : path;
      if (found.has(name)) throw refused(`two tensors have the name ${quote(name)}`);
      found.set(name, value);
    }
    if (!(value instanceof Map) && !Array.isArray(value)) return;
    const entries: Iterable<readonly [PickleValue, PickleValue]> = value.entries();
    for (const [key, item] of entries) {
      if (typeof key !== 'string' && typeof key !== 'number') continue;
      visit(item, path === '' ? String(key) : `${path}.${key}`, depth + 1);
    }
  };
  visit(root, '', 0);
  return found;
}

function text(bytes: Uint8Array<ArrayBuffer> | undefined): string {
  return new TextDecoder().decode(bytes);
}

function refused(problem: string): FormatError {
  return new FormatError(`${LABEL}: ${problem}`);
}
