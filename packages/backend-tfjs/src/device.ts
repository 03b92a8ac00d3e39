// Calls tfjs's kernels. The engine of tfjs is not used: what a kernel makes has one reference, which the device owns and gives back at the end of
// the call, unless it was put into an output.

import type { DType, Program, Spec, View } from '@sinapse/core';
import { asMemoryError, BackendError, bytesOf, hostArray, OutOfMemoryError, sameShape, SinapseError, sizeOf } from '@sinapse/core';
import type { DataType, KernelBackend, KernelFunc, NamedAttrMap, NamedTensorInfoMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { engine, getKernel, tidy } from '@tensorflow/tfjs-core';
import type { Shader } from './formulas.ts';
import { shaderOf } from './formulas.ts';
import type { Loss } from './loss.ts';
import type { Profile } from './profile.ts';
import type { DataStorage } from './storage.ts';
import { dtypeOf, storageOf } from './storage.ts';

/** The outputs of a call, lists among them. */
type Outputs = Readonly<Record<string, View | readonly View[] | undefined>>;

/** What a kernel of tfjs is called with. */
interface Given {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
  readonly backend: KernelBackend;
}

/** tfjs's WebGL backend runs any shader. */
interface ShaderRunner {
  runWebGLProgram(shader: Shader, inputs: readonly TensorInfo[], dtype: DataType, uniforms: readonly (readonly number[])[]): TensorInfo;
}

/** What tfjs, WebGL and TensorFlow say when memory is short. */
const OUT_OF_MEMORY = /out of memory|OOM when|Requested texture size|Invalid texture size|Unable to (create|allocate)/i;

export class Device {
  readonly name: string;
  readonly profile: Profile;
  private readonly backend: KernelBackend;
  private readonly loss: Loss;
  private readonly kernels = new Map<string, KernelFunc>();
  /** What the current call has made. */
  private made: TensorInfo[] = [];

  constructor(name: string, backend: KernelBackend, profile: Profile, loss: Loss) {
    this.name = name;
    this.backend = backend;
    this.profile = profile;
    this.loss = loss;
  }

  /** Whether tfjs has all of some kernels. */
  has(...kernels: readonly string[]): boolean {
    return kernels.every((kernel) => getKernel(kernel, this.profile.kernels) !== undefined);
  }

  /** Makes a kernel of Sinapse of a function that calls tfjs's. An output without elements is written without it. */
  kernel<C extends { readonly out: object }>(name: string, run: (call: C) => void): (call: C) => void {
    return (call) => {
      this.loss.check();
      const outputs = Object.values(call.out as Outputs).flat() as View[];
      try {
        for (const output of outputs) if (output.size === 0) this.put(output, this.values(hostArray(output.dtype, 0), output));
        if (outputs.some(({ size }) => size > 0)) run(call);
      } catch (error) {
        throw this.explained(name, error, outputs);
      } finally {
        this.releaseMade();
      }
    };
  }

  /** The first result of a kernel of tfjs. */
  run(name: string, inputs: NamedTensorInfoMap | TensorInfo[], attrs: object = {}): TensorInfo {
    let kernel = this.kernels.get(name);
    if (kernel === undefined) {
      const found = getKernel(name, this.profile.kernels);
      if (found === undefined) throw new BackendError(`${this.name}: tfjs has no kernel ${name} there`);
      this.kernels.set(name, (kernel = found.kernelFunc));
    }
    const given = { inputs: inputs as NamedTensorInfoMap, attrs: attrs as NamedAttrMap, backend: this.backend };
    const results = this.profile.engine ? this.runInEngine(kernel, given) : kernel(given);
    const owned = [results].flat().map((result) => this.owned(result));
    this.made.push(...owned);
    return owned[0]!;
  }

  /**
   * One output of a program of element-wise operations, where the backend runs shaders of others.
   * @param dtype of that output
   * @param numbers the values of the program's scalars
   */
  formula(
    program: Program,
    inputs: readonly TensorInfo[],
    shape: readonly number[],
    output = 0,
    dtype: DType = 'float32',
    numbers: readonly number[] = [],
  ): TensorInfo {
    const shader = shaderOf(program, output, dtype, shape);
    const runner = this.backend as unknown as ShaderRunner;
    const result = runner.runWebGLProgram(
      shader,
      inputs,
      dtypeOf(dtype),
      numbers.map((number) => [number]),
    );
    this.made.push(result);
    return result;
  }

  /** The input of a kernel, in its shape. */
  of(view: View): TensorInfo {
    const { held } = storageOf(view);
    if (held === undefined) throw new BackendError('a storage is read before it is written');
    return this.reshaped(held, view.shape);
  }

  /** Makes a result the contents of an output. */
  put(view: View, result: TensorInfo): void {
    const dtype = dtypeOf(view.dtype);
    const converted = result.dtype === dtype ? result : this.run('Cast', { x: result }, { dtype });
    const x = this.reshaped(converted, view.shape);
    this.hold(storageOf(view), this.made.includes(x) ? x : this.run('Identity', { x }));
  }

  /** Makes values of the host, which become tfjs's, the contents of a storage. */
  write(view: View, values: ReturnType<typeof hostArray>): void {
    this.hold(storageOf(view), this.values(values, view));
  }

  /** Resolves when all kernels called before have run: one that comes after them is read. */
  finished(): Promise<unknown> {
    const mark = this.run('Add', { a: this.scalar(0), b: this.scalar(0) });
    const read = this.backend.read(mark.dataId);
    this.releaseMade();
    return read;
  }

  /** Empties a storage. */
  drop(storage: DataStorage): void {
    if (storage.held !== undefined) this.release(storage.held);
    storage.held = undefined;
  }

  /** A number as a tensor without axes. On graphics cards it is a uniform, so that no shader depends on it. */
  scalar(value: number, dtype: DataType = 'float32'): TensorInfo {
    const values = dtype === 'float32' ? Float32Array.of(value) : dtype === 'int32' ? Int32Array.of(value) : Uint8Array.of(value);
    const info = { dataId: this.backend.write(values, [], dtype), shape: [], dtype };
    this.made.push(info);
    return info;
  }

  full(shape: readonly number[], value: number, dtype: DataType): TensorInfo {
    return this.run('Fill', {}, { shape: [...shape], value, dtype });
  }

  reshaped(x: TensorInfo, shape: readonly number[]): TensorInfo {
    return sameShape(x.shape, shape) ? x : this.run('Reshape', { x }, { shape: [...shape] });
  }

  cast(x: TensorInfo, dtype: DataType): TensorInfo {
    return x.dtype === dtype ? x : this.run('Cast', { x }, { dtype });
  }

  transposed(x: TensorInfo, permutation: readonly number[]): TensorInfo {
    return permutation.every((axis, i) => axis === i) ? x : this.run('Transpose', { x }, { perm: [...permutation] });
  }

  /** A tensor stretched to a shape to which it broadcasts. */
  stretched(x: TensorInfo, shape: readonly number[]): TensorInfo {
    if (sameShape(x.shape, shape)) return x;
    const own = this.reshaped(x, [...Array.from({ length: shape.length - x.shape.length }, () => 1), ...x.shape]);
    return this.run('Tile', { x: own }, { reps: shape.map((length, axis) => (own.shape[axis] === length ? 1 : length)) });
  }

  /** Elements of `a` where a condition holds, else of `b`, all stretched to a shape. */
  select(condition: TensorInfo, a: TensorInfo, b: TensorInfo, shape: readonly number[]): TensorInfo {
    // tfjs takes operands of one shape, on graphics cards of at most four axes.
    const line = (x: TensorInfo): TensorInfo => this.reshaped(this.stretched(x, shape), [sizeOf(shape)]);
    return this.reshaped(this.run('Select', { condition: line(condition), t: line(a), e: line(b) }), shape);
  }

  /** Calls a function with a tensor as [outer, length, inner] around one axis, and gives its result the other axes back. */
  alongAxis(x: TensorInfo, axis: number, change: (x: TensorInfo) => TensorInfo): TensorInfo {
    const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
    const result = change(this.reshaped(x, [sizeOf(before), x.shape[axis]!, sizeOf(after)]));
    return this.reshaped(result, [...before, sizeOf(result.shape) / Math.max(1, sizeOf(before) * sizeOf(after)), ...after]);
  }

  private values(values: ReturnType<typeof hostArray>, { dtype, shape }: Spec): TensorInfo {
    const own = dtype === 'uint8' ? Int32Array.from(values) : values;
    const info = { dataId: this.backend.write(own as Float32Array, [...shape], dtypeOf(dtype)), shape: [...shape], dtype: dtypeOf(dtype) };
    this.made.push(info);
    return info;
  }

  /** Exchanges what a storage holds for a result of this call. */
  private hold(storage: DataStorage, info: TensorInfo): void {
    this.made.splice(this.made.indexOf(info), 1);
    this.drop(storage);
    storage.held = info;
  }

  /** Runs a kernel that calls ops, which take tensors of tfjs's engine. */
  private runInEngine(kernel: KernelFunc, { inputs, attrs, backend }: Given): TensorInfo | TensorInfo[] {
    return tidy(() => {
      const entered = Object.entries(inputs).map(([name, info]) => {
        this.backend.incRef(info!.dataId);
        return [name, engine().makeTensorFromTensorInfo(info!, this.backend)] as const;
      });
      const named = Array.isArray(inputs) ? entered.map(([, tensor]) => tensor) : Object.fromEntries(entered);
      return kernel({ inputs: named as unknown as NamedTensorInfoMap, attrs, backend }) as Tensor | Tensor[];
    });
  }

  /** A result that this class owns: some kernels enter theirs into the books of tfjs's engine, from which it is taken again. */
  private owned(result: TensorInfo): TensorInfo {
    if (!('dispose' in result)) return result;
    const { dataId, shape, dtype } = result;
    this.backend.incRef(dataId);
    (result as Tensor).dispose();
    return { dataId, shape, dtype };
  }

  private releaseMade(): void {
    for (const info of this.made) this.release(info);
    this.made = [];
  }

  private release({ dataId }: TensorInfo): void {
    if (this.backend.disposeData(dataId)) engine().removeDataId(dataId, this.backend);
  }

  /** The error to throw for one that tfjs threw. */
  private explained(kernel: string, error: unknown, outputs: readonly View[]): unknown {
    if (error instanceof SinapseError) return error;
    const lost = this.loss.current();
    if (lost !== undefined) return lost;
    const asked = outputs.reduce((bytes, output) => bytes + bytesOf(output), 0);
    const what = `${kernel} on ${this.name}`;
    const explained = asMemoryError(error, what, asked);
    if (explained instanceof OutOfMemoryError) return explained;
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    if (OUT_OF_MEMORY.test(line!)) return new OutOfMemoryError(what, { asked }, { cause: error });
    return new BackendError(`${this.name}: ${kernel}: ${line}`, { cause: error });
  }
}
