// What JavaScript and a WebAssembly module of the kernels call of each other. Numbers of the module become addresses here and nowhere else: a 32-bit
// address above 2 GiB reaches JavaScript as a negative number.

/** What a module imports. */
export interface Imports {
  /** The address of a block of scratch memory; 0 where there is no memory for it. */
  readonly allocate: (bytes: number) => number;
  readonly free: (address: number) => void;
  /** Ends the call: scratch memory was refused. */
  readonly refuse: () => never;
  /** Called at the first parallel loop. */
  readonly startWorkers: () => void;
}

/** An instance of a module. */
export interface Exports {
  /** The first address that the module itself does not use. */
  readonly heapBase: number;
  /** Where a kernel's arguments are written. */
  argumentsAt(): number;
  readonly kernels: Readonly<Record<string, (() => void) | undefined>>;
  scratchBytes(): number;
  setThreads(count: number): void;
  /** Gives back the stack and the scratch memory of a call that ended early. */
  unwind(): void;
  /** Ends the workers. */
  stop(): void;
  /** The loop of a worker. Returns when the pool stops. */
  serve(thread: number, stack: number): void;
}

/** What kernels/host/wasm/host.cpp exports. */
interface RawExports {
  readonly __heap_base: WebAssembly.Global;
  readonly __stack_pointer: WebAssembly.Global;
  arguments(): number;
  scratchBytes(): number;
  releaseScratch(): void;
  setThreads(count: number): void;
  stop?(): void;
  serve?(thread: number): void;
}

/** An address, from the signed number that WebAssembly hands over. */
function addressFrom(signed: number): number {
  return signed >>> 0;
}

/** The imports of a module, for its instantiation. */
export function importObject(memory: WebAssembly.Memory, { allocate, free, refuse, startWorkers }: Imports): WebAssembly.Imports {
  return { env: { memory }, host: { allocate, free: (signed: number) => free(addressFrom(signed)), refuse, startWorkers } };
}

/** The exports of an instance that has just been made. */
export function exportsOf(instance: WebAssembly.Instance): Exports {
  const raw = instance.exports as unknown as RawExports;
  const stack = raw.__stack_pointer;
  const top = stack.value as number;
  return {
    heapBase: addressFrom(raw.__heap_base.value as number),
    argumentsAt: () => addressFrom(raw.arguments()),
    kernels: instance.exports as Exports['kernels'],
    scratchBytes: () => raw.scratchBytes(),
    setThreads: (count) => raw.setThreads(count),
    unwind: () => {
      stack.value = top;
      raw.releaseScratch();
    },
    stop: () => raw.stop?.(),
    serve: (thread, own) => {
      stack.value = own;
      raw.serve!(thread);
    },
  };
}
