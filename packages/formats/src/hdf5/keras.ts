// The weights of a Keras model: `.keras` and `.weights.h5` of Keras 3, `.h5` of Keras 2 and 3.

import { checkBytes } from '../arguments.ts';
import type { DecodeOptions } from '../decode-options.ts';
import { checkDecodeOptions } from '../decode-options.ts';
import { FormatError, quote } from '../format-error.ts';
import { widenHalves } from '../half-floats.ts';
import type { NamedArray } from '../named-array.ts';
import { isZip, readZip } from '../zip.ts';
import type { Hdf5Array } from './hdf5.ts';
import { readHdf5 } from './hdf5.ts';

const LABEL = 'keras';

/** The file in a .keras archive that holds the weights. */
const WEIGHTS = 'model.weights.h5';

/** What lies beside the weights: the state of the optimizer. */
const OPTIMIZER = /^(optimizer|optimizer_weights)(\/|$)/;

/**
 * Reads the weights of a Keras model, `.keras`, `.weights.h5` or `.h5`. Names are those of the layer and of its variable: `conv1/kernel`,
 * `norm1/moving_variance`. Shapes and order of values are Keras's, which are also those of Sinapse; a depthwise kernel `[height, width, channels, multiplier]`
 * becomes `[height, width, 1, channels · multiplier]`. The state of the optimizer is left out. float16 is widened to float32, which is exact.
 *
 * It needs the package `h5wasm`: `npm install h5wasm`.
 * @throws FormatError when the bytes are not such a file, two variables have the same name, or h5wasm is not installed
 */
export async function decodeKeras(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Map<string, NamedArray>> {
  checkBytes(LABEL, bytes);
  checkDecodeOptions(LABEL, options);
  const found = (await readHdf5(isZip(bytes) ? weightsIn(bytes) : bytes)).filter(({ path }) => !OPTIMIZER.test(path));
  const arrays = new Map<string, NamedArray>();
  for (const [name, given] of named(found)) {
    if (arrays.has(name)) throw new FormatError(`${LABEL}: two variables have the name ${quote(name)}`);
    const array = options.keepHalves === true ? given : widenHalves(given);
    arrays.set(name, array);
  }
  return arrays;
}

function weightsIn(archive: Uint8Array): Uint8Array {
  const weights = readZip(archive, LABEL).get(WEIGHTS);
  if (weights === undefined) throw new FormatError(`${LABEL}: the archive has no ${WEIGHTS}: it is not a .keras file`);
  return weights;
}

/** The arrays with the names of layers and variables. */
function named(found: readonly Hdf5Array[]): [string, NamedArray][] {
  const layers = new Map<string, Hdf5Array[]>();
  for (const one of found) {
    const layer = one.path.slice(0, one.path.lastIndexOf('/'));
    layers.set(layer, [...(layers.get(layer) ?? []), one]);
  }
  return [...layers].flatMap(([group, members]) => {
    const isNumbered = group === 'vars' || group.endsWith('/vars');
    const variables = isNumbered ? variablesOf(members) : members.map(({ path }) => variableOf(path));
    const layer = isNumbered ? layerOfNumbered(group, members[0]!.groupName) : layerOf(group);
    return members.map(({ array }, i): [string, NamedArray] => {
      const name = layer === '' ? variables[i]! : `${layer}/${variables[i]!}`;
      return depthwise(name, array, variables);
    });
  });
}

/** `kernel:0` is `kernel`. */
function variableOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/:\d+$/, '');
}

/**
 * The layer of a group of Keras 2: `model_weights/conv1/conv1` and `conv1/network/conv1` are `conv1`, `inner/hidden`, a layer of a model in a model, is
 * `inner/hidden`.
 */
function layerOf(group: string): string {
  const [outer = '', ...inner] = group.replace(/^model_weights\//, '').split('/');
  const again = inner.lastIndexOf(outer);
  return [outer, ...inner.slice(again + 1)].join('/');
}

/** The layer of numbered variables of Keras 3: its own name if the file has it, otherwise that of its group. */
function layerOfNumbered(group: string, name: string | undefined): string {
  const layers = group.replace(/(^|\/)vars$/, '').replace(/^(_layer_checkpoint_dependencies|layers)\//, '').replaceAll('/layers/', '/'); // prettier-ignore
  return name === undefined || layers === '' ? layers : [...layers.split('/').slice(0, -1), name].join('/');
}

/** The names of numbered variables, as far as their shapes tell them: those of dense layers, convolutions and normalisations. */
function variablesOf(members: readonly Hdf5Array[]): string[] {
  const ranks = members.map(({ array }) => array.shape.length);
  const isVector = ranks.map((rank) => rank === 1);
  const names = (known: readonly string[]): string[] => members.map(({ path }, i) => known[i] ?? variableOf(path));
  if (ranks[0]! >= 2 && ranks.length === 1) return names(['kernel']);
  if (ranks[0]! >= 2 && ranks.length === 2 && isVector[1]) return names(['kernel', 'bias']);
  if (ranks.length === 4 && isVector.every(Boolean)) return names(['gamma', 'beta', 'moving_mean', 'moving_variance']);
  if (ranks.length === 2 && isVector.every(Boolean)) return names(['gamma', 'beta']);
  if (ranks.length === 3 && ranks[0] === 4 && ranks[1] === 4 && isVector[2]) return names(['depthwise_kernel', 'pointwise_kernel', 'bias']);
  return names([]);
}

/** Keras 2 calls the only kernel of a depthwise convolution `depthwise_kernel`; Keras 3 calls it `kernel`, like that of every layer. */
function depthwise(name: string, array: NamedArray, variables: readonly string[]): [string, NamedArray] {
  if (!name.endsWith('depthwise_kernel')) return [name, array];
  const [height = 1, width = 1, channels = 1, multiplier = 1] = array.shape;
  const shaped = { ...array, shape: [height, width, 1, channels * multiplier] };
  return [variables.includes('pointwise_kernel') ? name : name.replace('depthwise_kernel', 'kernel'), shaped];
}
