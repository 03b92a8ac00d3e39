// Types of the used part of @jax-js/jax, which is not installed at compile time. Functions consume their arguments; `x.ref` adds a reference to x.

export interface JaxArray {
  readonly ref: JaxArray;
  readonly shape: readonly number[];
  readonly size: number;
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  neg(): JaxArray;
  sum(axis?: number): JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  transpose(axes?: readonly number[]): JaxArray;
  data(): Promise<Float32Array>;
  dispose(): void;
}

/** Arrays by name: a tree in the library's terms. */
export type Tree = Record<string, JaxArray>;

export interface Jax {
  init(device: 'wasm'): Promise<unknown>;
  defaultDevice(device: 'wasm'): void;
  blockUntilReady(tree: Tree): Promise<unknown>;
  jit<T extends (...args: never[]) => unknown>(f: T): T;
  grad<A extends unknown[], R>(f: (...args: A) => JaxArray, options?: { argnums: readonly number[] }): (...args: A) => R;
  valueAndGrad<A extends [Tree, ...JaxArray[]]>(f: (...args: A) => JaxArray): (...args: A) => [JaxArray, Tree];
  readonly numpy: {
    array(values: Float32Array): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    mean(x: JaxArray, axes?: readonly number[]): JaxArray;
    max(x: JaxArray): JaxArray;
    sqrt(x: JaxArray): JaxArray;
    square(x: JaxArray): JaxArray;
    concatenate(arrays: readonly JaxArray[], axis: number): JaxArray;
    pad(x: JaxArray, widths: readonly (readonly [number, number])[]): JaxArray;
  };
  readonly nn: { relu(x: JaxArray): JaxArray; relu6(x: JaxArray): JaxArray; logSoftmax(x: JaxArray): JaxArray };
  readonly lax: {
    convGeneralDilated(
      x: JaxArray,
      filter: JaxArray,
      strides: readonly number[],
      padding: readonly (readonly [number, number])[],
      options?: { featureGroupCount: number },
    ): JaxArray;
    reduceWindow(x: JaxArray, computation: (x: JaxArray) => JaxArray, window: readonly number[], strides: readonly number[]): JaxArray;
  };
}
