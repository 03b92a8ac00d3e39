// Pruning of weights: those nearest to 0 are held at 0.

import type { Check, OptionChecks, State } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, nothingNamed, partMatcher, scope, tensor } from '@sinapse/core';
import { leafCallsOf } from '../graph/leaf-calls.ts';
import { withReplaced } from '../graph/replace-layer.ts';
import type { AnyLayer, Layer } from '../layer.ts';
import { isLayer } from '../layer.ts';
import { Pruned, fullMasks, kernelsOf, pruned } from './pruned.ts';

export interface PruneWeightsOptions {
  /** The part of the weights to hold at 0, within [0, 1), those held before included. */
  readonly share: number;
  /** Which layers, by a pattern of paths: `conv*`. Default all that have a kernel. */
  readonly layers?: string;
  /** Whether the smallest weights of each layer are taken, or those of all layers together. Default `layer`. */
  readonly among?: 'layer' | 'model';
}

const PRUNE_WEIGHTS: OptionChecks<PruneWeightsOptions> = {
  share: check.required(check.fraction),
  layers: { expected: 'a pattern of paths, e.g. conv*', accepts: (value) => typeof value === 'string' },
  among: check.oneOf(['layer', 'model']),
};

const MODEL: Check = { expected: 'a layer or a model of layers', accepts: isLayer };

/** A kernel that is pruned, and the new mask of its weights. */
interface Candidate {
  readonly path: string;
  readonly kernel: string;
  readonly magnitudes: Float64Array;
  readonly mask: Float32Array;
}

/**
 * The same model with its smallest weights held at 0, by masks that training keeps and model files hold. Han, Pool, Tran, Dally 2015, "Learning both
 * weights and connections for efficient neural networks". The model that is given shares its weights with the result, and does not change itself. Prune a
 * little, train, and prune more: weights that were held before count among the smallest.
 * @throws SinapseError when no layer with a kernel is named, or the model is not built
 */
export async function pruneWeights<M extends AnyLayer>(model: M, options: PruneWeightsOptions): Promise<M> {
  checkValue('pruneWeights: the model', model, MODEL);
  checkOptions('pruneWeights', options, PRUNE_WEIGHTS);
  const { share, layers: pattern = '*', among = 'layer' } = options;
  const all = new Map(leafCallsOf(model).calls.map(({ path, layer }) => [path, layer]));
  const withKernel = [...all].filter(([, layer]) => kernelsOf(layer).length > 0);
  const matches = partMatcher(pattern);
  const chosen = withKernel.filter(([path]) => path === '' || matches(path));
  if (chosen.length === 0) throw new SinapseError(`pruneWeights: ${nothingNamed(pattern, withKernel.map(([path]) => path))}`); // prettier-ignore

  const candidates = (await Promise.all(chosen.map(([path, layer]) => candidatesOf(path, layer)))).flat();
  for (const group of among === 'model' ? [candidates] : candidates.map((each) => [each])) maskSmallest(group, share);
  const replaced = new Map<string, AnyLayer>();
  for (const [path, layer] of chosen) {
    const wrapped = layer instanceof Pruned ? new Pruned(layer.layer) : pruned(layer as Layer);
    wrapped.masks = masksFor(wrapped.layer, candidates.filter((each) => each.path === path)); // prettier-ignore
    replaced.set(path, wrapped);
  }
  return withReplaced('pruneWeights', model, replaced);
}

/** Reads the kernels of a layer. A weight that is held at 0 counts as smaller than any other. */
async function candidatesOf(path: string, layer: AnyLayer): Promise<Candidate[]> {
  const inner = layer instanceof Pruned ? layer.layer : layer;
  const masks = layer instanceof Pruned ? layer.masks : undefined;
  return Promise.all(
    kernelsOf(inner).map(async ([kernel, cell]): Promise<Candidate> => {
      const [values, before] = await Promise.all([cell.tensor.data(), masks?.get(kernel)?.tensor.data()]);
      const magnitudes = Float64Array.from(values, (value, i) => (before?.[i] === 0 ? -1 : Math.abs(value)));
      return { path, kernel, magnitudes, mask: new Float32Array(values.length).fill(1) };
    }),
  );
}

/** Sets the masks of the smallest weights of some kernels to 0. */
function maskSmallest(kernels: readonly Candidate[], share: number): void {
  const places = kernels.flatMap(({ magnitudes }, k) => Array.from(magnitudes, (magnitude, i) => ({ magnitude, k, i })));
  places.sort((a, b) => a.magnitude - b.magnitude); // stable: of equal ones the first
  for (const { k, i } of places.slice(0, Math.floor(share * places.length))) kernels[k]!.mask[i] = 0;
}

function masksFor(layer: object, candidates: readonly Candidate[]): Map<string, State> {
  const masks = fullMasks(layer);
  scope(() => {
    for (const { kernel, mask } of candidates) masks.get(kernel)!.assign(tensor(mask, { shape: masks.get(kernel)!.shape }));
  });
  return masks;
}
