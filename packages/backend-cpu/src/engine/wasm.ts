// The WebAssembly engine: the same kernels on a linear memory, with or without workers that share it.

import type { TypedArray } from '@sinapse/core';
import { asMemoryError, BackendError, bytesIn, OutOfMemoryError } from '@sinapse/core';
import type { Engine } from './engine.ts';
import { ARGUMENT_LIMIT } from './engine.ts';
import { Heap } from './heap.ts';
import { checkVersion, versionOf } from './version.ts';
import type { Exports } from './wasm-boundary.ts';
import { exportsOf, importObject } from './wasm-boundary.ts';

/** What a worker needs to join: it makes its own instance on the same memory, with its own stack, and serves. */
export interface WorkerTask {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Its number, from 1. */
  readonly thread: number;
  /** The top of its stack, which grows downwards. */
  readonly stack: number;
}

/** Starts a worker that runs serve.ts; it must not keep the process alive. */
export type StartWorker = (task: WorkerTask) => { terminate(): void };

/** How the module was compiled. */
export interface WasmBuild {
  readonly name: string;
  readonly module: WebAssembly.Module;
  /** Bytes that its memory may grow to; by default 4 GiB, or as much as can be reserved. */
  readonly memoryLimit?: number;
  /** Present when the module takes a shared memory. */
  readonly startWorker?: StartWorker;
}

const PAGE = 65536;
/** 4 GiB without the last page, so that the end of every block is a number of 32 bits. */
const MOST_PAGES = 65535;
const STACK = 1 << 18;

export class WasmEngine implements Engine {
  readonly name: string;
  readonly threads: number;
  giveBack: () => number = () => 0;
  private readonly memory: WebAssembly.Memory;
  private readonly heap: Heap;
  private readonly exports: Exports;
  private block: Float64Array;
  private readonly scratch: Map<number, number> = new Map();
  private readonly workers: { terminate(): void }[] = [];
  /** Why scratch memory was refused last. */
  private refusal: unknown = undefined;

  /** @throws BackendError when the module is of another version, or there is not enough memory to start */
  constructor(build: WasmBuild, threads: number) {
    const { name, module, startWorker, memoryLimit = MOST_PAGES * PAGE } = build;
    checkVersion('the WebAssembly module', versionOf(module));
    this.name = `wasm ${name}`;
    this.threads = startWorker === undefined ? 1 : threads;
    const { memory, maximum } = makeMemory(startWorker !== undefined, Math.floor(memoryLimit / PAGE));
    this.memory = memory;
    const imports = importObject(memory, {
      allocate: (bytes) => this.allocateScratch(bytes),
      free: (address) => this.freeScratch(address),
      refuse: () => {
        throw this.refusal;
      },
      startWorkers: () => this.startWorkers(module, startWorker!),
    });
    this.exports = exportsOf(new WebAssembly.Instance(module, imports));
    this.heap = new Heap(this.memory, this.exports.heapBase, maximum * PAGE);
    this.block = new Float64Array(this.memory.buffer, this.exports.argumentsAt(), ARGUMENT_LIMIT);
    this.exports.setThreads(this.threads);
  }

  get arguments(): Float64Array {
    if (this.block.length === 0) this.block = new Float64Array(this.memory.buffer, this.exports.argumentsAt(), ARGUMENT_LIMIT);
    return this.block;
  }

  kernel(name: string): () => void {
    const kernel = this.exports.kernels[name];
    if (kernel === undefined)
      throw new BackendError(`the WebAssembly module has no kernel ${name}: it is of another version; build it again`);
    return () => {
      try {
        kernel();
      } catch (error) {
        throw this.recover(name, error);
      }
    };
  }

  allocate(bytes: number): number {
    return this.heap.allocate(bytes);
  }

  free(address: number, bytes: number): void {
    this.heap.release(address, bytes);
  }

  write(address: number, data: TypedArray): void {
    const bytes = bytesIn(data);
    new Uint8Array(this.memory.buffer, address, bytes.length).set(bytes);
  }

  read(address: number, into: TypedArray): void {
    const bytes = bytesIn(into);
    bytes.set(new Uint8Array(this.memory.buffer, address, bytes.length));
  }

  workspaceBytes(): number {
    return this.exports.scratchBytes() + this.workers.length * STACK;
  }

  close(): void {
    this.exports.stop();
    for (const worker of this.workers) worker.terminate();
    this.workers.length = 0;
  }

  private allocateScratch(bytes: number): number {
    let address: number;
    try {
      address = this.heap.allocate(bytes);
    } catch {
      this.giveBack();
      try {
        address = this.heap.allocate(bytes);
      } catch (error) {
        this.refusal = error;
        return 0;
      }
    }
    this.scratch.set(address, bytes);
    return address;
  }

  private freeScratch(address: number): void {
    this.heap.release(address, this.scratch.get(address)!);
    this.scratch.delete(address);
  }

  /** Starts as many workers as there can be: fewer do the same work. */
  private startWorkers(module: WebAssembly.Module, startWorker: StartWorker): void {
    for (let thread = 1; thread < this.threads; thread++) {
      let stack: number;
      try {
        stack = this.heap.allocate(STACK);
      } catch {
        return;
      }
      try {
        this.workers.push(startWorker({ module, memory: this.memory, thread, stack: stack + STACK }));
      } catch {
        return this.heap.release(stack, STACK);
      }
    }
  }

  /** The error of a call that ended early, after its memory is given back. */
  private recover(name: string, error: unknown): unknown {
    this.exports.unwind();
    return error instanceof OutOfMemoryError ? asMemoryError(error, `scratch memory of ${name}`, error.asked) : error;
  }
}

/**
 * A memory that may grow to `most` pages, and the number of pages that it can have. A shared memory reserves its maximum at once, so where 4 GiB are
 * refused, a smaller maximum is tried.
 */
function makeMemory(shared: boolean, most: number): { memory: WebAssembly.Memory; maximum: number } {
  const initial = Math.min((1 << 24) / PAGE, most);
  for (let maximum = most; maximum >= initial; maximum >>= 1) {
    try {
      return { memory: new WebAssembly.Memory({ initial, maximum, shared }), maximum };
    } catch {
      // Try a smaller maximum.
    }
  }
  throw new OutOfMemoryError('the memory of WebAssembly', { asked: initial * PAGE });
}
