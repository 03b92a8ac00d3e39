// Types of the used part of @tensorflow/tfjs, which is not installed at compile time.

export interface Tensor {
  readonly shape: readonly number[];
  dataSync(): Float32Array;
  dispose(): void;
}

export interface Variable extends Tensor {
  readonly trainable: boolean;
}

interface Optimizer {
  minimize(loss: () => Tensor, returnCost: true, variables: readonly Variable[]): Tensor;
}

/** A recurrent layer of tfjs-layers. */
export interface RecurrentLayer {
  apply(x: Tensor | readonly Tensor[], options?: { readonly initialState?: readonly Tensor[] }): Tensor | readonly Tensor[];
  setWeights(weights: readonly Tensor[]): void;
  readonly trainableWeights: readonly { readonly val: Variable }[];
}

interface RecurrentArguments {
  readonly units: number;
  readonly returnSequences?: boolean;
  readonly returnState?: boolean;
  readonly recurrentActivation?: 'sigmoid';
  readonly unitForgetBias?: boolean;
}

export interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  memory(): { readonly numBytes: number };
  engine(): { runKernel(name: string, inputs: Record<string, Tensor>, attributes: Record<string, unknown>): Tensor };
  tidy<T>(callback: () => T): T;
  tensor(values: Float32Array | Int32Array, shape: readonly number[], dtype?: 'int32'): Tensor;
  variable(value: Tensor): Variable;
  oneHot(indices: Tensor, depth: number): Tensor;

  add(a: Tensor, b: Tensor): Tensor;
  matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  conv2d(x: Tensor, filter: Tensor, strides: number, padding: number): Tensor;
  depthwiseConv2d(x: Tensor, filter: Tensor, strides: number, padding: number): Tensor;
  batchNorm(x: Tensor, mean: Tensor, variance: Tensor, offset: Tensor, scale: Tensor, epsilon: number): Tensor;
  moments(x: Tensor, axes: readonly number[]): { readonly mean: Tensor; readonly variance: Tensor };
  relu(x: Tensor): Tensor;
  relu6(x: Tensor): Tensor;
  concat(tensors: readonly Tensor[], axis: number): Tensor;
  maxPool(x: Tensor, window: number, strides: number, padding: number): Tensor;
  avgPool(x: Tensor, window: number, strides: number, padding: 'valid'): Tensor;
  mean(x: Tensor, axes?: readonly number[]): Tensor;
  reshape(x: Tensor, shape: readonly number[]): Tensor;
  pad(x: Tensor, widths: readonly (readonly [number, number])[]): Tensor;

  sub(a: Tensor, b: Tensor): Tensor;
  square(x: Tensor): Tensor;
  slice(x: Tensor, begin: readonly number[], size: readonly number[]): Tensor;
  zeros(shape: readonly number[]): Tensor;
  readonly layers: {
    simpleRNN(options: RecurrentArguments): RecurrentLayer;
    lstm(options: RecurrentArguments): RecurrentLayer;
  };
  readonly losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor };
  readonly train: {
    adam(learningRate: number, beta1: number, beta2: number, epsilon: number): Optimizer;
    momentum(learningRate: number, momentum: number): Optimizer;
  };
}
