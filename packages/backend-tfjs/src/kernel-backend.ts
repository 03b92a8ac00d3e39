// tfjs's KernelBackend in the public types. Its own declarations are left out of them: they come with others of WebGPU, which contradict those of
// newer versions of TypeScript.

/** An object that implements `KernelBackend` of @tensorflow/tfjs-core, as far as it is used here. */
export interface TfjsKernelBackend {
  write(values: Float32Array | Int32Array | Uint8Array, shape: number[], dtype: 'float32' | 'int32' | 'bool'): object;
  read(dataId: object): Promise<unknown>;
  readSync(dataId: object): unknown;
  disposeData(dataId: object, force?: boolean): boolean;
  incRef(dataId: object): void;
  floatPrecision(): 16 | 32;
}
