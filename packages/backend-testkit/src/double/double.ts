// A stand-in for a device that answers late, for tests on machines without one: the reference backend behind a queue.

import type {
  Backend,
  BackendInfo,
  Kernel,
  KernelName,
  KernelSignature,
  KernelTable,
  MemoryInfo,
  Spec,
  TypedArray,
  View,
} from '@sinapse/core';
import { BackendError, BackendLostError, bytesOf, IEEE_754, OutOfMemoryError, Storage } from '@sinapse/core';
import { fusedReference } from '@sinapse/backend-reference/fused';
import { mapSlots } from '../grid/slots.ts';
import { VirtualClock } from './clock.ts';
import { Queue } from './queue.ts';
import { checkCall } from './sharing.ts';

export interface DoubleOptions {
  /** Milliseconds from the moment when the values are ready to the answer of a read. Default 5. */
  readonly readLatency?: number;
  /** Milliseconds that the device spends on a call of a kernel. Default 0. */
  readonly kernelTime?: number | ((kernel: KernelName) => number);
  /** Milliseconds that the first call of each signature takes in addition, unless `prepare` compiled it. Default 0. */
  readonly compileTime?: number;
  /** Whether kernels take views with an offset. Default false. */
  readonly offsets?: boolean;
  /** The capacity of a storage is a multiple of so many bytes. Default 256. */
  readonly padding?: number;
  /** Bytes that all storages may take together, padding included. Default 2 GiB. */
  readonly memoryLimit?: number;
  /** After so many allocations one is refused; later ones work again. Default Infinity. */
  readonly outOfMemoryAfter?: number;
  /** After so many calls of kernels the device is lost. Default Infinity. */
  readonly loseAfter?: number;
  /** Whether the device has a timer for `profile`. Default false. */
  readonly timer?: boolean;
  /** The clock of the device. Default: a new one. */
  readonly clock?: VirtualClock;
}

/** The double with the controls that a test uses. */
export interface Double extends Backend {
  readonly clock: VirtualClock;
  /** Loses the device. */
  lose(reason?: string): void;
  /** Makes the next kernel fail when it runs, which is after its call has returned. */
  failNext(message: string): void;
}

class DoubleStorage extends Storage {
  /** The storage of the reference; undefined until the device has run the allocation. */
  values: Storage | undefined;
  live = true;
}

/**
 * A backend that computes like the reference and behaves like a remote device. Kernels run after their call has returned, reads answer late,
 * storages are padded, views have no offsets; the device can be lost, and its memory can run out. The double throws when core breaks a rule of
 * the interface: when an output shares the storage of an input, or a storage is used after its release.
 */
export function double(options: DoubleOptions = {}): Double {
  return new DoubleBackend(options);
}

class DoubleBackend implements Double {
  readonly name = 'double';
  readonly info: BackendInfo;
  readonly kernels: KernelTable;
  readonly clock: VirtualClock;
  readonly lost: Promise<BackendLostError>;
  declare readonly time?: NonNullable<Backend['time']>;
  private readonly options: Required<Omit<DoubleOptions, 'clock' | 'timer'>>;
  private readonly inner = fusedReference({ poison: true });
  private readonly queue: Queue;
  private readonly compiled = new Set<string>();
  private resolveLost!: (error: BackendLostError) => void;
  private loss: BackendLostError | undefined;
  private closed = false;
  private failure: string | undefined;
  private calls = 0;
  private allocations = 0;
  private liveBytes = 0;
  private liveStorages = 0;
  private capacity = 0;
  /** The time of kernels so far, while `time` runs. */
  private timed: number | undefined;

  constructor({ clock = new VirtualClock(), timer = false, ...options }: DoubleOptions) {
    this.clock = clock;
    this.options = {
      readLatency: 5,
      kernelTime: 0,
      compileTime: 0,
      offsets: false,
      padding: 256,
      memoryLimit: 2 ** 31,
      outOfMemoryAfter: Infinity,
      loseAfter: Infinity,
      ...options,
    };
    this.queue = new Queue(clock, this.options.readLatency);
    this.lost = new Promise((resolve) => (this.resolveLost = resolve));
    const { dtypes, exactIntegerLimit } = this.inner.info;
    this.info = {
      engine: 'TypeScript behind a queue',
      threads: 1,
      dtypes,
      offsets: this.options.offsets,
      reading: 'waits',
      exactIntegerLimit,
      floats: IEEE_754,
      notes: [],
    };
    this.kernels = Object.fromEntries(
      (Object.keys(this.inner.kernels) as KernelName[]).map((name) => [name, this.kernel(name)]),
    ) as unknown as KernelTable;
    if (timer) this.time = (issue) => this.timeOf(issue);
  }

  allocate(spec: Spec): Storage {
    this.assertUsable();
    const { padding, memoryLimit, outOfMemoryAfter } = this.options;
    const bytes = bytesOf(spec);
    const storage = new DoubleStorage(bytes, Math.max(1, Math.ceil(bytes / padding)) * padding);
    const refused = this.allocations++ === outOfMemoryAfter;
    if (refused || this.capacity + storage.capacity > memoryLimit) {
      throw new OutOfMemoryError('a storage', { asked: storage.capacity, held: this.capacity, pooled: 0, limit: memoryLimit });
    }
    this.capacity += storage.capacity;
    this.liveBytes += bytes;
    this.liveStorages++;
    this.queue.issue('allocate', () => (storage.values = this.inner.allocate(spec)));
    return storage;
  }

  release(storage: Storage): void {
    const mine = storage as DoubleStorage;
    if (!mine.live) throw new BackendError('double: a storage was released twice');
    mine.live = false;
    this.capacity -= mine.capacity;
    this.liveBytes -= mine.bytes;
    this.liveStorages--;
    if (this.loss === undefined) this.queue.issue('release', () => this.inner.release(mine.values!));
    if (this.closed) this.queue.run();
  }

  write(view: View, data: TypedArray): void {
    this.assertUsable();
    const [to, values] = [this.innerView(view), data.slice()];
    this.queue.issue('write', () => this.inner.write(to(), values));
  }

  read(view: View): Promise<TypedArray> {
    if (this.loss !== undefined) return Promise.reject(this.loss);
    const from = this.innerView(view);
    return this.queue.answer(() => this.inner.readSync!(from()));
  }

  synchronize(): Promise<void> {
    return this.queue.answer(() => undefined);
  }

  async prepare(calls: readonly KernelSignature[], onProgress?: (ready: number, of: number) => void): Promise<void> {
    for (const [i, call] of calls.entries()) {
      const milliseconds = this.compile(call.kernel, call.inputs, call.attrs);
      await new Promise<void>((resolve) => this.clock.at(this.clock.now + milliseconds, resolve));
      if (this.loss !== undefined) throw this.loss;
      onProgress?.(i + 1, calls.length);
    }
  }

  memory(): MemoryInfo {
    return { liveBytes: this.liveBytes, liveStorages: this.liveStorages, pooledBytes: 0, workspaceBytes: 0 };
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    if (this.loss === undefined) await this.synchronize().catch(() => undefined); // everyone who waits gets an answer first
    await this.inner.close();
  }

  lose(reason = 'the test took it away'): void {
    if (this.loss !== undefined) return;
    this.loss = new BackendLostError(
      `the device of the backend ${this.name} is lost: ${reason}; make a new backend and go on from a checkpoint`,
    );
    this.queue.lose(this.loss);
    this.resolveLost(this.loss);
  }

  failNext(message: string): void {
    this.failure = message;
  }

  private kernel(name: KernelName): Kernel<KernelName> {
    const run = this.inner.kernels[name] as Kernel<KernelName>;
    return ({ in: inputs, out: outputs, attrs, scalars }) => {
      this.assertUsable();
      checkCall(name, inputs, outputs, this.options.offsets);
      // The caller may change its records after the call, so what the device will need is copied now.
      const [from, to] = [inputs, outputs].map((slots) => mapSlots<View, () => View>(slots, (view) => this.innerView(view)));
      const [numbers, failure] = [{ ...scalars }, this.failure];
      this.failure = undefined;
      const { kernelTime } = this.options;
      const milliseconds = (typeof kernelTime === 'number' ? kernelTime : kernelTime(name)) + this.compile(name, inputs, attrs);
      if (this.timed !== undefined) this.timed += milliseconds;
      this.queue.issue(
        name,
        () => {
          if (failure !== undefined) throw new BackendError(failure);
          const [given, made] = [from, to].map((slots) => mapSlots<() => View, View>(slots!, (view) => view()));
          run({ in: given, out: made, attrs, scalars: numbers } as unknown as Parameters<typeof run>[0]);
        },
        milliseconds,
      );
      if (++this.calls === this.options.loseAfter) this.lose(`${this.calls} kernels were called`);
    };
  }

  /** Milliseconds to compile a signature; 0 if it was compiled before. */
  private compile(kernel: KernelName, inputs: object, attrs: object): number {
    if (this.options.compileTime === 0) return 0;
    const specs = mapSlots<Spec, unknown>(inputs, ({ dtype, shape }) => [dtype, shape]);
    const signature = JSON.stringify([kernel, specs, attrs]);
    if (this.compiled.has(signature)) return 0;
    this.compiled.add(signature);
    return this.options.compileTime;
  }

  private timeOf(issue: () => void): Promise<number> {
    this.timed = 0;
    try {
      issue();
      const milliseconds = this.timed;
      return this.queue.answer(() => milliseconds);
    } finally {
      this.timed = undefined;
    }
  }

  /** A function that gives the reference's view, once the device has made the storage. */
  private innerView({ storage, offset, dtype, shape, size }: View): () => View {
    if (!(storage instanceof DoubleStorage) || !storage.live)
      throw new BackendError('double: a storage was used after its release, or it belongs to another backend');
    return () => ({ storage: storage.values!, offset, dtype, shape, size });
  }

  private assertUsable(): void {
    if (this.loss !== undefined) throw this.loss;
    if (this.closed) throw new BackendError('double: the backend is closed');
  }
}
