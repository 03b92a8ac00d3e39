// Gives a model the weights of a file that another library wrote.

import type { Model, OptionChecks, Shape } from '@sinapse/core';
import {
  SinapseError,
  activeBackend,
  check,
  checkOptions,
  checkValue,
  isMeta,
  pathMatcher,
  quote,
  scope,
  tensor,
  withBackend,
} from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import { decodeArrays } from '@sinapse/formats';
import { fitArrays } from './fit-arrays.ts';
import { PretrainedError } from './misfits.ts';
import { cellsOf } from './cells-of.ts';
import { kerasCells } from './keras-cells.ts';
import type { NamesOption } from './names-option.ts';
import { NAMES } from './names-option.ts';
import type { StoredCell } from './stored-cell.ts';

export interface LoadPretrainedOptions {
  /** What the file calls the layers. */
  readonly names: NamesOption;
  /**
   * Whose layout and names of variables the file has. `keras`: what `decodeKeras` of @sinapse/formats/hdf5 gives. Default `pytorch`.
   */
  readonly layout?: 'pytorch' | 'keras';
  /** The model's input shape, without the batch axis. Default: the one for which the model was built. */
  readonly inputShape?: Shape;
  /**
   * The paths of the model to load: a pattern in which `*` stands for any text, e.g. `conv*`, or a function of the path. Default all. Of the file, the tensors
   * of other paths are left out too.
   */
  readonly only?: string | ((path: string) => boolean);
  /** What a tensor that the file lacks means. With `keep`, the model's parameter keeps its value. Default `refuse`. */
  readonly missing?: 'refuse' | 'keep';
  /** What a tensor means that the model has no place for. Default `refuse`. */
  readonly unexpected?: 'refuse' | 'ignore';
}

/** The bytes of a safetensors, .npz, .pt or .pth file, or its arrays by name. */
export type PretrainedFile =
  Uint8Array | ArrayBuffer | ReadonlyMap<string, NamedArray> | { readonly arrays: ReadonlyMap<string, NamedArray> };

/** What `loadPretrained` did. */
export interface LoadedPretrained {
  /** The paths of the parameters and states that have the file's values now. */
  readonly loaded: readonly string[];
  /** Those that keep the values they had. */
  readonly kept: readonly string[];
  /** The names of the file's tensors that the model did not get. */
  readonly ignored: readonly string[];
}

const LOAD_PRETRAINED: OptionChecks<LoadPretrainedOptions> = {
  names: check.required(NAMES),
  layout: check.oneOf(['pytorch', 'keras']),
  inputShape: check.shape,
  only: { expected: 'a pattern of paths, e.g. conv*, or a function of a path', accepts: (value) => typeof value === 'string' || typeof value === 'function' }, // prettier-ignore
  missing: check.oneOf(['refuse', 'keep']),
  unexpected: check.oneOf(['refuse', 'ignore']),
};

/**
 * Gives a built model the weights of a PyTorch or Keras model: `loadPretrained(model, bytes, { names: 'torchvision' })`. Names and the order of values are
 * converted: kernels `[out, in, height, width]` and `[out, in]`, the first dense layer after a flattened image, batch normalisation and its running
 * statistics. The model changes only if every tensor fits.
 * @param file its bytes or its arrays; float16 and bfloat16 are widened to float32, float64 is rounded to it
 * @throws FormatError when bytes are not of one of the formats
 * @throws PretrainedError when tensors are missing, unexpected, or of another shape or dtype; its `table` lists them
 * @throws SinapseError when an argument is wrong or an option unknown
 */
export function loadPretrained(model: Model, file: PretrainedFile, options: LoadPretrainedOptions): LoadedPretrained {
  checkValue('loadPretrained: the model', model, { expected: 'a model', accepts: (value) => typeof value === 'object' && value !== null });
  checkValue('loadPretrained: the file', file, { expected: 'its bytes, or arrays by name', accepts: isFile });
  checkOptions('loadPretrained', options, LOAD_PRETRAINED);
  const { names, layout = 'pytorch', inputShape, only = '*', missing = 'refuse', unexpected = 'refuse' } = options;
  const isMeant = typeof only === 'string' ? pathMatcher(only) : only;
  const all = layout === 'keras' ? kerasCells(model, names) : cellsOf(model, names, inputShape);
  const cells = all.filter(({ path }) => isMeant(path));
  const { arrays, misfits, left } = fitArrays(all, arraysOf(file), isMeant);
  const isAllowed = { missing: missing === 'keep', unexpected: unexpected === 'ignore', shape: false, dtype: false };
  const refused = misfits.filter(({ problem }) => !isAllowed[problem]);
  if (refused.length > 0) throw new PretrainedError(refused);
  if (arrays.size === 0 && all.length > 0)
    throw new SinapseError(
      `loadPretrained: nothing to load; the file has none of the tensors that are meant, e.g. ${quote((cells[0] ?? all[0]!).name)}`,
    );
  assign(cells.filter(({ path }) => arrays.has(path)), arrays); // prettier-ignore
  return {
    loaded: [...arrays.keys()],
    kept: all.map(({ path }) => path).filter((path) => !arrays.has(path)),
    ignored: [...left, ...misfits.filter(({ problem }) => problem === 'unexpected').map(({ name }) => name)],
  };
}

function isFile(value: unknown): boolean {
  return check.bytes.accepts(value) || isBuffer(value) || value instanceof Map || (typeof value === 'object' && value !== null && 'arrays' in value && value.arrays instanceof Map); // prettier-ignore
}

/** Whether a value is an ArrayBuffer, which `fetch` gives, of any window or worker. */
function isBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]';
}

function arraysOf(file: PretrainedFile): ReadonlyMap<string, NamedArray> {
  if (file instanceof Map) return file as ReadonlyMap<string, NamedArray>;
  if (isBuffer(file)) return decodeArrays(new Uint8Array(file));
  return 'arrays' in file ? file.arrays : decodeArrays(file as Uint8Array);
}

/** Makes every tensor before it changes the first cell. A cell that was made on `meta()` goes to the backend in use. */
function assign(cells: readonly StoredCell[], arrays: ReadonlyMap<string, NamedArray>): void {
  scope(() => {
    const values = cells.map(({ path, cell }) => {
      const { backend, dtype, shape } = cell.value;
      const { data } = arrays.get(path)!;
      return withBackend(isMeta(backend) ? activeBackend() : backend, () => tensor(data as Float32Array, { shape, dtype }));
    });
    cells.forEach(({ cell }, i) => cell.assign(values[i]!));
  });
}
