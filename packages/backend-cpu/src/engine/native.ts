// The native engine: the Node addon's kernels on the system's memory.

import type { TypedArray } from '@sinapse/core';
import { BackendError, OutOfMemoryError } from '@sinapse/core';
import type { Engine } from './engine.ts';
import { checkVersion } from './version.ts';

/** What kernels/host/native/addon.cpp exports. */
export interface Addon {
  /** The version of what both sides agree on. */
  readonly abi?: number;
  /** The instruction sets of this processor, best first. */
  readonly instructionSets: readonly string[];
  /** @param giveBack gives back memory that is kept for reuse; called when a kernel finds none */
  create(instructionSet: string, threads: number, giveBack: () => void): Instance;
  allocate(bytes: number): number;
  free(address: number, bytes: number): void;
  write(address: number, data: TypedArray): void;
  read(address: number, into: TypedArray): void;
  scratchBytes(): number;
}

interface Instance {
  readonly arguments: Float64Array;
  readonly kernels: Readonly<Record<string, () => void>>;
  close(): void;
}

export class NativeEngine implements Engine {
  readonly name: string;
  readonly threads: number;
  readonly arguments: Float64Array;
  giveBack: () => number = () => 0;
  private readonly addon: Addon;
  private readonly instance: Instance;

  /** @throws BackendError when the addon is of another version */
  constructor(addon: Addon, instructionSet: string, threads: number) {
    checkVersion('the native addon', addon.abi);
    this.name = `native ${instructionSet}`;
    this.threads = threads;
    this.addon = addon;
    this.instance = addon.create(instructionSet, threads, () => void this.giveBack());
    this.arguments = this.instance.arguments;
  }

  kernel(name: string): () => void {
    const kernel = this.instance.kernels[name];
    if (kernel === undefined) throw new BackendError(`the native addon has no kernel ${name}: it is of another version; build it again`);
    return () => {
      try {
        kernel();
      } catch (error) {
        throw this.kernelError(name, error);
      }
    };
  }

  allocate(bytes: number): number {
    const address = this.addon.allocate(bytes);
    if (address === 0) throw new OutOfMemoryError('a block of memory', { asked: bytes });
    return address;
  }

  free(address: number, bytes: number): void {
    this.addon.free(address, bytes);
  }

  write(address: number, data: TypedArray): void {
    this.addon.write(address, data);
  }

  read(address: number, into: TypedArray): void {
    this.addon.read(address, into);
  }

  workspaceBytes(): number {
    return this.addon.scratchBytes();
  }

  close(): void {
    this.instance.close();
  }

  /** The error of a kernel that was refused scratch memory even after what is kept for reuse was given back. */
  private kernelError(name: string, error: unknown): unknown {
    if (!(error instanceof Error && 'code' in error && error.code === 'SINAPSE_OUT_OF_MEMORY')) return error;
    return new OutOfMemoryError(`scratch memory of ${name}`, { asked: this.arguments[0], held: this.giveBack(), pooled: 0 });
  }
}
