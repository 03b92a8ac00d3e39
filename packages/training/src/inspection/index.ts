// The public surface of @sinapse/training/inspection: looking into trained models.

// What an output depends on
export type { Input, Target, TargetOption } from './score.ts';
export type { Attributions, IntegratedGradients, IntegratedGradientsOptions, SmoothGradOptions } from './gradients.ts';
export { integratedGradients, saliency, smoothGrad } from './gradients.ts';
export type { GradCamOptions } from './grad-cam.ts';
export { gradCam } from './grad-cam.ts';
export type { OcclusionOptions } from './occlusion.ts';
export { occlusion } from './occlusion.ts';
export type { FeatureImportance, PermutationImportanceOptions } from './permutation-importance.ts';
export { permutationImportance } from './permutation-importance.ts';

// Pictures
export type { GridOptions, Picture } from './pictures.ts';
export { featureMaps, filterPictures, heatMaps, pictureGrid } from './pictures.ts';

// The loss around the weights
export type { LossLine, LossLineOptions, LossPlane, LossPlaneOptions } from './loss-landscape.ts';
export { lossLine, lossPlane } from './loss-landscape.ts';

// Where the time goes
export type { LayerProfile, LayerProfileRow } from './profile-layers.ts';
export { formatLayerProfile, profileLayers } from './profile-layers.ts';
