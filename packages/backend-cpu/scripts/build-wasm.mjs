// Compiles the kernels to WebAssembly: {simd128, relaxed SIMD} x {one thread, shared memory}, with the compiler from npm.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { build, fingerprint, kernelSources } from './sources.mjs';

const folder = join(build, 'wasm');
/** The first two serve nearly everywhere: threads with relaxed SIMD in Node and on isolated pages, one thread with SIMD elsewhere. */
const variants = ['relaxed-threads', 'simd128', 'relaxed', 'simd128-threads'];

function flags(variant) {
  const relaxed = variant.startsWith('relaxed');
  const shared = variant.endsWith('threads');
  const all =
    '--target=wasm32-unknown-unknown -O3 -std=c++17 -I . -nostdlib -ffreestanding -fno-exceptions -fno-rtti -fno-math-errno -ffp-contract=off ' +
    '-Wall -Wextra -Werror -fvisibility=hidden -msimd128 -mbulk-memory -mnontrapping-fptoint -DSINAPSE_ISA=wasm -DSINAPSE_WIDTH=4 ' +
    '-Wl,--no-entry -Wl,-z,stack-size=65536 -Wl,--import-memory -Wl,--export=__heap_base -Wl,--export=__stack_pointer';
  const threads = '-matomics -Wl,--shared-memory -Wl,--max-memory=4294967296';
  return [all, relaxed ? '-mrelaxed-simd' : '', shared ? threads : ''].join(' ').trim().split(/ +/);
}

async function compile(variant) {
  const { runClang } = await import('@yowasp/clang');
  const messages = [];
  const print = (bytes) => bytes && messages.push(Buffer.from(bytes).toString());
  const sources = kernelSources().map(({ path, text }) => [path, text]);
  const tree = {};
  for (const [path, text] of sources) {
    const parts = path.split('/');
    let at = tree;
    for (const part of parts.slice(0, -1)) at = at[part] ??= {};
    at[parts.at(-1)] = text;
  }
  try {
    const output = await runClang(['clang++', ...flags(variant), 'kernels.cpp', 'host/wasm/host.cpp', '-o', 'out.wasm'], tree, {
      stdout: print,
      stderr: print,
      fetchProgress: () => {},
    });
    return { wasm: output['out.wasm'] };
  } catch (error) {
    return { error: messages.join('') || String(error) };
  }
}

/**
 * Builds the variants that are missing or stale, two at a time. Throws with the compiler's message.
 * @param count builds so many variants, those that serve most first: the first two serve nearly everywhere. With 0 it only removes stale ones
 * @param onStart called when there is something to do
 * @returns how many were built
 */
export async function buildWasm({ count = variants.length, onStart } = {}) {
  const stamp = fingerprint('wasm', variants.flatMap(flags));
  mkdirSync(folder, { recursive: true });
  const isStale = (variant) => {
    const of = join(folder, `${variant}.stamp`);
    return !existsSync(join(folder, `${variant}.wasm`)) || !existsSync(of) || readFileSync(of, 'utf8') !== stamp;
  };
  const wanted = variants.slice(0, count);
  const stale = wanted.filter(isStale);
  // A stale module must not be taken for one of this version, now or after an interrupted build.
  for (const variant of variants) if (isStale(variant)) rmSync(join(folder, `${variant}.wasm`), { force: true });
  if (stale.length > 0) onStart?.();
  const work = async () => {
    for (let variant = stale.shift(); variant !== undefined; variant = stale.shift()) {
      const result = await new Promise((resolve, reject) => {
        const worker = new Worker(new URL(import.meta.url), { workerData: variant, stdout: true, stderr: true });
        worker.once('message', resolve).once('error', reject);
      });
      if (result.error) throw new Error(`${variant}: ${result.error}`);
      writeFileSync(join(folder, `${variant}.wasm.part`), result.wasm);
      renameSync(join(folder, `${variant}.wasm.part`), join(folder, `${variant}.wasm`));
      writeFileSync(join(folder, `${variant}.stamp`), stamp);
    }
  };
  const before = stale.length;
  await Promise.all([work(), work()]);
  return before;
}

if (!isMainThread) parentPort.postMessage(await compile(workerData));
