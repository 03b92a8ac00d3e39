// Chooses the engine: native, WebAssembly with threads, WebAssembly, plain TypeScript. Records why the better ones were not chosen.

import { host } from '#host';
import { BackendError, OutOfMemoryError } from '@sinapse/core';
import type { Engine } from './engine/engine.ts';
import { NativeEngine } from './engine/native.ts';
import { WasmEngine } from './engine/wasm.ts';
import type { WasmFiles, WasmVariant } from './host/wasm-files.ts';

/** The kinds of engines. */
export type EngineKind = 'native' | 'wasm' | 'reference';

export interface EngineWishes {
  /** Only this engine; an error if it is not available. */
  readonly engine?: EngineKind | undefined;
  /** Only this instruction set: `avx512`, `avx2`, `sse2`, `neon`; `relaxed-simd`, `simd128`. */
  readonly instructionSet?: string | undefined;
  /** At most this many threads. */
  readonly threads?: number | undefined;
  /**
   * Where the modules of WebAssembly are, if a bundler has moved this code away from them: the folder that holds them (`/wasm/`), or the address of
   * each, as a bundler gives it for `@sinapse/backend-cpu/wasm/simd128.wasm`, and of `worker`. By default in this package.
   */
  readonly wasm?: WasmFiles | undefined;
}

export interface LoadedEngine {
  /** Undefined if only the TypeScript reference is available. */
  readonly engine: Engine | undefined;
  /** Why no better engine was chosen, one line each, best first. */
  readonly notes: readonly string[];
}

export const KINDS: readonly EngineKind[] = ['native', 'wasm', 'reference'];
export const MOST_THREADS = 256;

/** @throws BackendError when a wish cannot be met */
export async function loadEngine(wishes: EngineWishes): Promise<LoadedEngine> {
  const kind = wishes.engine ?? kindFromEnvironment();
  const threads = wishes.threads ?? threadsFromEnvironment() ?? Math.min(host.processors, MOST_THREADS);
  const notes: string[] = [];
  if (kind === undefined || kind === 'native') {
    const native = await loadNative(wishes.instructionSet, threads);
    if (typeof native !== 'string') return { engine: native, notes };
    notes.push(`native: ${native}`);
  } else if (kind === 'wasm') notes.push('native: the engine wasm was asked for');
  if (kind === undefined || kind === 'wasm') {
    const wasm = await loadWasm(wishes, threads, notes);
    if (wasm !== undefined) return { engine: wasm, notes };
  }
  if (kind === 'native' || kind === 'wasm') {
    const own = kind === 'wasm' ? notes.slice(1) : notes; // the first says that native was not asked for
    throw new BackendError(`cpu: the engine ${kind} cannot be had: ${own.join('; ')}`);
  }
  if (wishes.instructionSet !== undefined)
    throw new BackendError(
      `cpu: the instruction set ${wishes.instructionSet} cannot be had: ${notes.join('; ') || 'the reference has none'}`,
    );
  if (kind === 'reference') notes.push('the reference was asked for');
  else warnOfReference(notes);
  return { engine: undefined, notes };
}

let warned = false;

/** Says, once, that the slow engine computes although nobody asked for it, and why. */
function warnOfReference(notes: readonly string[]): void {
  if (warned) return;
  warned = true;
  console.warn(`sinapse: cpu(): plain TypeScript computes, many times slower than WebAssembly: ${notes.slice(-2).join('; ')}`);
}

function kindFromEnvironment(): EngineKind | undefined {
  const value = host.environment('SINAPSE_CPU');
  if (value === undefined || value === '') return undefined;
  if (!KINDS.includes(value as EngineKind)) throw new BackendError(`SINAPSE_CPU: takes ${KINDS.join(', ')}, got '${value}'`);
  return value as EngineKind;
}

function threadsFromEnvironment(): number | undefined {
  const value = host.environment('SINAPSE_THREADS');
  if (value === undefined || value === '') return undefined;
  if (!/^\d+$/.test(value) || Number(value) < 1 || Number(value) > MOST_THREADS)
    throw new BackendError(`SINAPSE_THREADS: takes a number of threads from 1 to ${MOST_THREADS}, got '${value}'`);
  return Number(value);
}

async function loadNative(instructionSet: string | undefined, threads: number): Promise<Engine | string> {
  const addon = await host.loadAddon();
  if (typeof addon === 'string') return addon;
  const chosen = instructionSet ?? addon.instructionSets[0];
  if (chosen === undefined || !addon.instructionSets.includes(chosen))
    return `the processor or the build has no ${chosen}, it has ${addon.instructionSets.join(', ')}`;
  return new NativeEngine(addon, chosen, threads);
}

/** Best first: several threads gain more than a better instruction set. */
const WASM: readonly { variant: WasmVariant; name: string; relaxed: boolean; shared: boolean }[] = [
  { variant: 'relaxed-threads', name: 'relaxed-simd', relaxed: true, shared: true },
  { variant: 'simd128-threads', name: 'simd128', relaxed: false, shared: true },
  { variant: 'relaxed', name: 'relaxed-simd', relaxed: true, shared: false },
  { variant: 'simd128', name: 'simd128', relaxed: false, shared: false },
];

async function loadWasm({ instructionSet, wasm }: EngineWishes, threads: number, notes: string[]): Promise<Engine | undefined> {
  if (typeof WebAssembly === 'undefined') {
    notes.push('wasm: there is no WebAssembly here');
    return undefined;
  }
  if (instructionSet !== 'simd128') await host.unlockRelaxedSimd();
  const startWorker = host.workers(wasm);
  const shared = threads > 1 && typeof startWorker !== 'string';
  if (threads > 1 && typeof startWorker === 'string') notes.push(`wasm threads: ${startWorker}`);
  if (instructionSet !== undefined && !WASM.some(({ name }) => name === instructionSet)) {
    notes.push(`wasm: there is no instruction set ${instructionSet}; there are relaxed-simd and simd128`);
    return undefined;
  }
  let missing = false;
  for (const { variant, name, ...needs } of WASM) {
    if ((needs.shared && !shared) || (instructionSet ?? name) !== name) continue;
    const bytes = await host.loadModule(variant, wasm);
    if (typeof bytes === 'string') {
      notes.push(`wasm ${variant}: ${bytes}`);
      missing = true;
      continue;
    }
    if (!WebAssembly.validate(bytes)) {
      notes.push(`wasm ${variant}: this JavaScript engine does not have it`);
      continue;
    }
    const module = await WebAssembly.compile(bytes);
    try {
      return new WasmEngine({ name, module, ...(needs.shared && typeof startWorker !== 'string' && { startWorker }) }, threads);
    } catch (error) {
      if (error instanceof BackendError && !(error instanceof OutOfMemoryError)) throw error; // a module of another version
      notes.push(`wasm ${variant}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (missing) notes.push(host.remedy);
  return undefined;
}
