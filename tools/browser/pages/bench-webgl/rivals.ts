// The same networks in tfjs-layers.

import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-webgl';
import type { NetworkName } from './networks.ts';
import { CLASSES, UNITS } from './networks.ts';

const { layers } = tfl;

function lenet5(): tfl.LayersModel {
  return tfl.sequential({
    layers: [
      layers.conv2d({ inputShape: [28, 28, 1], filters: 6, kernelSize: 5, padding: 'same', activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2, strides: 2 }),
      layers.conv2d({ filters: 16, kernelSize: 5, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2, strides: 2 }),
      layers.flatten(),
      layers.dense({ units: 120, activation: 'relu' }),
      layers.dense({ units: 84, activation: 'relu' }),
      layers.dense({ units: CLASSES }),
    ],
  });
}

/** Keeps every second pixel and adds channels of zeros: option A of He, Zhang, Ren, Sun 2016. */
class IdentityShortcut extends layers.Layer {
  static className = 'IdentityShortcut';

  override computeOutputShape(shape: tfl.Shape): tfl.Shape {
    const [batch, height, width, channels] = shape as number[];
    return [batch!, height! / 2, width! / 2, 2 * channels!];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
      const every = tf.avgPool(x, 1, 2, 'valid');
      return tf.pad(every, [[0, 0], [0, 0], [0, 0], [0, x.shape[3]]]); // prettier-ignore
    });
  }
}

function resnet20(): tfl.LayersModel {
  const convolution = (x: tfl.SymbolicTensor, filters: number, strides: number): tfl.SymbolicTensor => {
    // One pixel of zeros on every side, as in the paper; 'same' pads strided images on two sides only.
    const padded = strides === 1 ? x : (layers.zeroPadding2d({ padding: 1 }).apply(x) as tfl.SymbolicTensor);
    const padding = strides === 1 ? 'same' : 'valid';
    const z = layers.conv2d({ filters, kernelSize: 3, strides, padding, useBias: false }).apply(padded) as tfl.SymbolicTensor;
    return layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 }).apply(z) as tfl.SymbolicTensor;
  };
  const relu = (x: tfl.SymbolicTensor): tfl.SymbolicTensor => layers.activation({ activation: 'relu' }).apply(x) as tfl.SymbolicTensor;
  const image = tfl.input({ shape: [32, 32, 3] });
  let x = relu(convolution(image, 16, 1));
  for (const filters of [16, 32, 64]) {
    for (let block = 0; block < 3; block++) {
      const strides = filters > 16 && block === 0 ? 2 : 1;
      const shortcut = strides === 1 ? x : (new IdentityShortcut({}).apply(x) as tfl.SymbolicTensor);
      const branch = convolution(relu(convolution(x, filters, strides)), filters, 1);
      x = relu(layers.add().apply([branch, shortcut]) as tfl.SymbolicTensor);
    }
  }
  const pooled = layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }).apply(x) as tfl.SymbolicTensor;
  return tfl.model({ inputs: image, outputs: layers.dense({ units: CLASSES }).apply(pooled) as tfl.SymbolicTensor });
}

function lstm(): tfl.LayersModel {
  return tfl.sequential({
    layers: [
      layers.lstm({ inputShape: [28, 28], units: UNITS, recurrentActivation: 'sigmoid', recurrentInitializer: 'glorotNormal' }),
      layers.dense({ units: CLASSES }),
    ],
  });
}

const models: Readonly<Record<NetworkName, () => tfl.LayersModel>> = { lenet5, resnet20, lstm };

/** An LSTM of tfjs-layers has its bias after both matrices. */
function ordered(name: NetworkName, weights: readonly Float32Array[]): readonly Float32Array[] {
  if (name !== 'lstm') return weights;
  const [inputs, bias, state, ...rest] = weights;
  return [inputs!, state!, bias!, ...rest];
}

/** What is trained on. */
export interface Examples {
  /** `[examples, …shape]`. */
  readonly images: Float32Array;
  /** Of one example. */
  readonly shape: readonly number[];
  readonly labels: Int32Array;
}

/**
 * Trains a network with tfjs-layers.
 * @returns a function that trains for one epoch and gives the loss of each step
 */
export async function rival(
  name: NetworkName,
  weights: readonly Float32Array[],
  { images, shape, labels }: Examples,
  batchSize: number,
  learningRate: number,
): Promise<() => Promise<number[]>> {
  await tf.setBackend('webgl');
  const model = models[name]();
  const own = ordered(name, weights);
  model.trainableWeights.forEach((variable, k) => variable.write(tf.tensor(own[k]!, variable.shape as number[])));
  model.compile({
    optimizer: tf.train.adam(learningRate),
    loss: (targets: tf.Tensor, logits: tf.Tensor) => tf.losses.softmaxCrossEntropy(targets, logits),
  });
  const x = tf.tensor(images, [labels.length, ...shape]);
  const y = tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES), 'float32');
  return async () => {
    const losses: number[] = [];
    const onBatchEnd = async (_: number, logs?: tfl.Logs): Promise<void> => void losses.push(logs!['loss'] as number);
    await model.fit(x, y, { batchSize, epochs: 1, shuffle: false, yieldEvery: 'never', callbacks: { onBatchEnd } });
    return losses;
  };
}
