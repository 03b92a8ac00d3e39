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
  maxPool(x: Tensor, window: number, strides: number, padding: number): Tensor;
  avgPool(x: Tensor, window: number, strides: number, padding: 'valid'): Tensor;
  mean(x: Tensor, axes: readonly number[]): Tensor;
  reshape(x: Tensor, shape: readonly number[]): Tensor;
  pad(x: Tensor, widths: readonly (readonly [number, number])[]): Tensor;

  readonly losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor };
  readonly train: {
    adam(learningRate: number, beta1: number, beta2: number, epsilon: number): Optimizer;
    momentum(learningRate: number, momentum: number): Optimizer;
  };
}
