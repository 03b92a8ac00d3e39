// The public surface of @sinapse/zoo/detection: finding objects in images.

export type { AveragePrecision, AveragePrecisionOptions, Detection, LabelledBox } from './average-precision.ts';
export { averagePrecision } from './average-precision.ts';
export type { Box } from './box.ts';
export { intersectionOverUnion } from './box.ts';
export type { BoxShift } from './box-regression.ts';
export { boxShift, shiftBox } from './box-regression.ts';
export type { HostImage } from './image.ts';
export type { LabelRegionsOptions } from './label-regions.ts';
export { labelRegions } from './label-regions.ts';
export type { SuppressionOptions } from './non-maximum-suppression.ts';
export { nonMaximumSuppression } from './non-maximum-suppression.ts';
export type { DetectOptions, Rcnn } from './rcnn.ts';
export type { FeatureNetwork } from './region-features.ts';
export type { RegionProposalOptions } from './region-proposals.ts';
export { regionProposals } from './region-proposals.ts';
export type { RcnnOptions, Scene } from './train-rcnn.ts';
export { trainRcnn } from './train-rcnn.ts';
export type { WarpOptions } from './warp-regions.ts';
export { warpRegions } from './warp-regions.ts';
