// How images are prepared for networks that were trained on ImageNet. A model file carries the rule: `saveModel(path, model, { preprocessing:
// preprocessings.imagenet, labels: imagenetLabels })`.

/** From pixels 0 … 255 to what a network takes: (pixel · scale − mean) / std for each channel, red, green and blue. It is what @sinapse/datasets takes. */
export interface ImagenetPreprocessing {
  readonly scale: number;
  readonly mean: readonly [red: number, green: number, blue: number];
  readonly std: readonly [red: number, green: number, blue: number];
}

/**
 * - `imagenet`: less the mean of the training images, divided by their standard deviation. Almost all published weights of torchvision and timm were trained
 *   so. https://pytorch.org/vision/stable/models.html
 * - `symmetric`: from -1 to 1. GoogLeNet, Inception and MobileNet as Google trained them; also the weights of GoogLeNet and Inception v3 that torchvision
 *   publishes (it calls this `transform_input`).
 */
export const preprocessings: { readonly imagenet: ImagenetPreprocessing; readonly symmetric: ImagenetPreprocessing } = {
  imagenet: { scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  symmetric: { scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
};
