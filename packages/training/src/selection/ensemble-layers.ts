// The functions that make models of this sub-path, by the names that model files have for them.

import { temperatureScaled } from './calibrate.ts';
import { ensemble } from './ensemble.ts';
import { stacking } from './stacking.ts';

/** For `openModel`: `openModel(file, { ...allLayers, ...ensembleLayers })`. */
export const ensembleLayers: {
  readonly ensemble: typeof ensemble;
  readonly stacking: typeof stacking;
  readonly temperatureScaled: typeof temperatureScaled;
} = { ensemble, stacking, temperatureScaled };
