// A backend without values, whose kernels add operations to a graph. A formula that runs on its tensors thus becomes a program.
//
// It has the kernels that are operations of programs. Dispatch lowers activations, and calls of `fused` inside a formula, to these.

import { pauseRecording } from '../autodiff/recording.ts';
import type { Backend, BackendInfo, MemoryInfo } from '../contract/backend.ts';
import type { DType, TypedArray } from '../contract/dtype.ts';
import type { BackendLostError } from '../contract/errors.ts';
import { SinapseError } from '../contract/errors.ts';
import type { KernelName, KernelTable } from '../contract/kernels.ts';
import type { Instruction, Program } from '../contract/program.ts';
import type { Scalar } from '../contract/scalar.ts';
import type { Shape } from '../contract/shape.ts';
import { sameShape } from '../contract/shape.ts';
import type { Spec, View } from '../contract/storage.ts';
import { Storage, bytesOf, specOf } from '../contract/storage.ts';
import { withBackend } from '../dispatch/active-backend.ts';
import type { DispatchedCall } from '../dispatch/intercept.ts';
import { interceptAlone } from '../dispatch/intercept.ts';
import { meta } from '../dispatch/meta.ts';
import { allocate } from '../tensor/handle.ts';
import { scope } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Graph } from './graph.ts';
import type { TracedScalar } from './scalars.ts';

/** Kernels the tracer lacks, so that dispatch lowers them to operations of a program. */
const LOWERED: readonly KernelName[] = ['biasActivation', 'biasActivationGrad', 'elementwise'];

/** The storage of a formula's tensor: the number of a value in the graph. */
class TracedStorage extends Storage {
  value = -1;
}

function valueOf(view: View): number {
  return (view.storage as TracedStorage).value;
}

/** A tensor of a formula. Making one of another shape with the same values throws. */
class TracedTensor extends Tensor {
  override make(storage: Storage, offset: number, spec: Spec): Tensor {
    const isView = storage === this.storage;
    if (isView && !sameShape(spec.shape, this.shape)) throw refusal('another shape or a part of a tensor (reshape, slice)');
    return new TracedTensor(this.backend, storage, offset, spec);
  }

  override alias(): Tensor {
    const twin = this.make(this.storage, this.offset, this);
    twin.node = this.node;
    twin.output = this.output;
    return twin;
  }

  override detached(): Tensor {
    throw refusal('stopGradient');
  }
}

function refusal(what: string): SinapseError {
  return new SinapseError(`fused: a formula computes element by element and cannot have ${what}`);
}

export class Tracer implements Backend {
  readonly name = 'a fused formula';
  readonly info: BackendInfo = { ...meta().info, engine: 'a graph of operations' };
  readonly lost: Promise<BackendLostError> = new Promise(() => {});
  readonly graph: Graph = new Graph();
  readonly kernels: KernelTable;
  /** Every tensor of the formula has this shape, or []. */
  private readonly shape: Shape;
  /** The cells met so far, and the values they became. */
  readonly scalars: (TracedScalar & { readonly value: number })[] = [];
  /** The scalar of the kernel call that is about to run. */
  private scalar: Scalar = 0;

  constructor(shape: Shape) {
    this.shape = shape;
    const note = (y: View, instruction: Instruction): void => this.set(y, this.graph.add(instruction));
    const table: Partial<KernelTable> = {
      fill: ({ out: { y }, attrs: { dtype } }) => this.set(y, this.number(dtype)),
      cast: ({ in: { x }, out: { y }, attrs: { dtype } }) => note(y, { op: 'cast', of: [valueOf(x)], dtype }),
      unary: ({ in: { x }, out: { y }, attrs: { op } }) => note(y, { op, of: [valueOf(x)] }),
      binary: ({ in: { a, b }, out: { y }, attrs: { op } }) => note(y, { op, of: [valueOf(a), valueOf(b)] }),
      select: ({ in: { condition, a, b }, out: { y } }) => note(y, { op: 'select', of: [valueOf(condition), valueOf(a), valueOf(b)] }),
      broadcastTo: ({ in: { x }, out: { y } }) => this.set(y, valueOf(x)),
      binaryScalar: ({ in: { x }, out: { y }, attrs: { op, reversed } }) => {
        const number = this.number(x.dtype);
        note(y, { op, of: reversed ? [number, valueOf(x)] : [valueOf(x), number] });
      },
    };
    const refuse = (name: string) => (call: { readonly attrs: object }) => {
      throw refusal('op' in call.attrs ? String(call.attrs.op) : name);
    };
    this.kernels = new Proxy(table as KernelTable, {
      get: (kernels, name: keyof KernelTable) => kernels[name] ?? (LOWERED.includes(name) ? undefined : refuse(name)),
    });
  }

  private set(y: View, value: number): void {
    if (y.size > 0 && y.shape.length > 0 && !sameShape(y.shape, this.shape)) throw refusal(`tensors of a shape of their own`);
    (y.storage as TracedStorage).value = value;
  }

  private tensor(value: number, dtype: DType, shape: Shape): Tensor {
    const spec = specOf(dtype, shape);
    const storage = allocate(this, spec) as TracedStorage;
    storage.value = value;
    return new TracedTensor(this, storage, 0, spec);
  }

  /** A tensor for a new input of the program. */
  input(dtype: DType): Tensor {
    return this.tensor(this.graph.input(dtype), dtype, this.shape);
  }

  /** The value that stands for the current call's scalar, in the dtype of its tensors: a constant, or for a cell a scalar of the program. */
  private number(dtype: DType): number {
    const { scalar } = this;
    if (typeof scalar === 'number') return this.graph.constant(scalar, dtype);
    const known = this.scalars.find(({ cell, slot }) => cell === scalar && slot.dtype === dtype);
    if (known !== undefined) return known.value;
    const slot = { name: `scalar${this.scalars.length}`, dtype };
    const value = this.graph.scalar(slot);
    this.scalars.push({ cell: scalar, slot, value });
    return value;
  }

  /** Notes the scalar of a call before its kernel runs, as the kernel gets the number in a cell, not the cell. */
  readonly note = (call: DispatchedCall, run: () => void): void => {
    if ('value' in call.scalars) this.scalar = (call.scalars as { readonly value: Scalar }).value;
    run();
  };

  allocate(spec: Spec): TracedStorage {
    return new TracedStorage(bytesOf(spec));
  }

  write(): never {
    throw refusal('a tensor made of values (write numbers, or give the tensor as an argument)');
  }

  read(): never {
    throw refusal('its values read');
  }

  readSync(): TypedArray {
    throw refusal('its values read');
  }

  release(): void {}

  memory(): MemoryInfo {
    return { liveBytes: 0, liveStorages: 0, pooledBytes: 0, workspaceBytes: 0 };
  }

  async synchronize(): Promise<void> {}

  async close(): Promise<void> {}
}

/** Runs a callback on a new tracer, hidden from active interceptors and gradients. */
export function tracing<T>(shape: Shape, callback: (tracer: Tracer) => T): T {
  const tracer = new Tracer(shape);
  return interceptAlone(tracer.note, () => pauseRecording(() => withBackend(tracer, () => scope(() => callback(tracer)))));
}

/** The graph's value for a tensor of the formula. */
export function valueIn(tracer: Tracer, tensor: unknown): number {
  if (!(tensor instanceof Tensor) || tensor.backend !== tracer)
    throw new SinapseError('fused: a formula returns a tensor that it computes, or a list or record of such tensors');
  return valueOf(tensor);
}

/** The scalars that a program of the tracer's graph uses. */
export function scalarsIn({ scalars }: Tracer, program: Program): TracedScalar[] {
  return scalars.filter(({ slot }) => program.scalars.some(({ name }) => name === slot.name));
}

/** @throws SinapseError for a tensor of a formula, in which the op is not allowed: gradients come from the program */
export function refuseInFormula(op: string, { backend }: Tensor): void {
  if (backend instanceof Tracer) throw refusal(op);
}
