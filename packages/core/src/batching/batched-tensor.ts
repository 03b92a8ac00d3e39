// A tensor that stands for one example of a batch: ops see the shape of an example, and behind it lie all.

import type { CustomResult, CustomResults, Example } from '../autodiff/gradient.ts';
import { isTraced } from '../autodiff/recording.ts';
import { BackendError } from '../contract/errors.ts';
import { formatShape, lengthsOf } from '../contract/shape.ts';
import type { Spec, Storage } from '../contract/storage.ts';
import { specOf } from '../contract/storage.ts';
import { reshape } from '../ops/reshape.ts';
import { slice } from '../ops/slice.ts';
import { broadcastTo } from '../ops/sum.ts';
import type { TensorJSON } from '../tensor/tensor.ts';
import { Tensor } from '../tensor/tensor.ts';

/** Runs a function with a gradient of its own for all examples. */
type RunsForAll = (batch: Batch, f: (...xs: Tensor[]) => CustomResult | CustomResults, xs: readonly Tensor[]) => Tensor | Tensor[];

/** One call of `vmap`. Calls nest, and a deeper one sees the tensors of those around it as constants. */
export class Batch {
  readonly size: number;
  readonly depth: number;
  readonly forAll: RunsForAll;
  private readonly members = new Set<BatchedTensor>();

  constructor(size: number, depth: number, forAll: RunsForAll) {
    this.size = size;
    this.depth = depth;
    this.forAll = forAll;
  }

  /** A tensor for one example of a tensor `[size, …]`. */
  example(all: Tensor): BatchedTensor {
    return new BatchedTensor(this, all);
  }

  has(x: Tensor): x is BatchedTensor {
    return x instanceof BatchedTensor && x.batch === this;
  }

  /** x of all examples, `[size, …]`; a tensor that all examples share is stretched. */
  all(x: Tensor): Tensor {
    return this.has(x) ? x.all : broadcastTo(x, [this.size, ...x.shape]);
  }

  /** x of all examples as an operand that broadcasts with others of a rank: the axis of examples comes before theirs. */
  aligned(x: Tensor, rank: number): Tensor {
    if (!this.has(x)) return x;
    const ones = Array.from({ length: rank - x.shape.length }, () => 1);
    return ones.length === 0 ? x.all : reshape(x.all, [this.size, ...ones, ...x.shape]);
  }

  /** Notes a tensor that must not outlive the call. */
  enter(member: BatchedTensor): void {
    this.members.add(member);
  }

  leave(member: BatchedTensor): void {
    this.members.delete(member);
  }

  /** Disposes of the tensors of the call, also of those that a function stored elsewhere: without `vmap`, ops would misread them. */
  close(): void {
    for (const member of this.members) member.dispose();
  }
}

export class BatchedTensor extends Tensor implements Example {
  readonly batch: Batch;
  /** `[size, …]`, under a handle of its own. */
  readonly all: Tensor;

  constructor(batch: Batch, all: Tensor) {
    super(all.backend, all.storage, all.offset, specOf(all.dtype, lengthsOf(all.shape, 1)));
    this.batch = batch;
    this.all = all.alias().keep();
    batch.enter(this);
  }

  get depth(): number {
    return this.batch.depth;
  }

  get isTracedOutside(): boolean {
    return isTraced(this.all) || (this.all instanceof BatchedTensor && this.all.isTracedOutside);
  }

  runForAll(f: (...xs: Tensor[]) => CustomResult | CustomResults, xs: readonly Tensor[]): Tensor | Tensor[] {
    return this.batch.forAll(this.batch, f, xs);
  }

  /** A view of the example's values, or a tensor that has nothing to do with the batch: every tensor makes others on its backend. */
  override make(storage: Storage, offset: number, spec: Spec): Tensor {
    if (storage !== this.storage) return new Tensor(this.backend, storage, offset, spec);
    const { size } = this.batch;
    if (spec.size === this.size && offset === this.offset) return this.batch.example(reshape(this.all, [size, ...spec.shape]));
    const begin = offset - this.offset;
    const part = slice(reshape(this.all, [size, this.size]), [null, { begin, end: begin + spec.size }]);
    return this.batch.example(reshape(part, [size, ...spec.shape]));
  }

  override alias(): Tensor {
    this.assertAlive('alias');
    const twin = this.batch.example(this.all);
    twin.node = this.node;
    twin.output = this.output;
    return twin;
  }

  override detached(): Tensor {
    this.assertAlive('stopGradient');
    return this.batch.example(this.all.detached());
  }

  override dispose(): void {
    super.dispose();
    this.all.dispose();
    this.batch.leave(this);
  }

  override data(): never {
    throw unreadable('data');
  }

  override dataSync(): never {
    throw unreadable('dataSync');
  }

  override async array(): Promise<never> {
    throw unreadable('array');
  }

  override async item(): Promise<never> {
    throw unreadable('item');
  }

  override print(_: unknown, note = ''): string {
    return `${this.dtype} ${formatShape(this.shape)}${note} ${this.disposed ? '(disposed)' : `of one of ${this.batch.size} examples`}`;
  }

  override toJSON(): TensorJSON {
    return { dtype: this.dtype, shape: this.shape, text: this.toString() };
  }
}

function unreadable(op: string): BackendError {
  return new BackendError(`${op}: inside vmap a tensor stands for every example and has no values of one; return it, and read the result`);
}
