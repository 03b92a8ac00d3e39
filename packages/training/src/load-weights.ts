// Gives a model the weights of a file, all of them or a part.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions, checkValue, pathMatcher, quote, walk } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import { TrainingError } from './errors.ts';
import type { ModelFile } from './model-file.ts';
import { assignWeights, checkWeights } from './weights.ts';

export interface LoadWeightsOptions {
  /**
   * The paths to load: a pattern in which `*` stands for any text, e.g. `conv*`, or a function of the path. Default all. Everything else is left
   * out, in the model and in the file.
   */
  readonly only?: string | ((path: string) => boolean);
  /** What a path of the model that the file lacks means. Default `refuse`. */
  readonly missing?: 'refuse' | 'keep';
  /** What a path of the file that the model lacks means. Default `refuse`. */
  readonly unexpected?: 'refuse' | 'ignore';
}

/** What `loadWeights` did, by path. */
export interface LoadedWeights {
  readonly loaded: readonly string[];
  /** Of the model: these keep their values. */
  readonly kept: readonly string[];
  /** Of the file: the model did not get these. */
  readonly ignored: readonly string[];
}

const LOAD_WEIGHTS: OptionChecks<LoadWeightsOptions> = {
  only: { expected: 'a pattern of paths, e.g. conv*, or a function of a path', accepts: (value) => typeof value === 'string' || typeof value === 'function' }, // prettier-ignore
  missing: check.oneOf(['refuse', 'keep']),
  unexpected: check.oneOf(['refuse', 'ignore']),
};

/**
 * Gives a model's parameters and states the values of a file. The model changes only if every array to be loaded fits.
 *
 * To adapt a trained model to other classes, load all but its last layer: `loadWeights(model, file, { only: (path) =>
 * !path.startsWith('classifier/') })`.
 * @param file as `loadModel` and `decodeModel` return it, or its arrays by path; float16 and bfloat16 are widened to float32
 * @throws SinapseError when an argument is wrong or an option unknown
 * @throws TrainingError when no path is to be loaded; when an array is missing, surplus, or of another shape or dtype: the message names its path
 */
export function loadWeights(
  model: object,
  file: ReadonlyMap<string, NamedArray> | Pick<ModelFile, 'arrays'>,
  options: LoadWeightsOptions = {},
): LoadedWeights {
  checkValue('loadWeights: the model', model, { expected: 'a model', accepts: (value) => typeof value === 'object' && value !== null });
  checkValue('loadWeights: the file', file, { expected: 'a model file, as loadModel returns it, or its arrays', accepts: isFile });
  checkOptions('loadWeights', options, LOAD_WEIGHTS);
  const arrays = file instanceof Map ? (file as ReadonlyMap<string, NamedArray>) : (file as ModelFile).arrays;
  const { only = '*', missing = 'refuse', unexpected = 'refuse' } = options;
  const isMeant = typeof only === 'string' ? pathMatcher(only) : only;

  const paths = walk(model).map(({ path }) => path);
  const known = new Set(paths);
  const wanted = paths.filter((path) => isMeant(path) && (missing === 'refuse' || arrays.has(path)));
  const given = new Map([...arrays].filter(([path]) => isMeant(path) && (unexpected === 'refuse' || known.has(path))));
  if (wanted.length === 0 && paths.length > 0)
    throw new TrainingError(
      `weights: nothing to load${typeof only === 'string' && only !== '*' ? ` for ${quote(only)}` : ''}; the model has ${quote(paths.join(', '))}`,
    );
  const loaded = new Set(wanted);
  assignWeights(checkWeights(model, given, loaded), given);
  return {
    loaded: wanted,
    kept: paths.filter((path) => !loaded.has(path)),
    ignored: [...arrays.keys()].filter((path) => !given.has(path)),
  };
}

function isFile(value: unknown): boolean {
  return value instanceof Map || (typeof value === 'object' && value !== null && 'arrays' in value && value.arrays instanceof Map);
}
