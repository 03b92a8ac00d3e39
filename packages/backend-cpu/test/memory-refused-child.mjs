// Runs the conformance suite on a backend whose kernels are refused memory, at each of their requests in turn, before they are let run: values and
// memory must be as if nothing had happened. For `native` it needs refusing-allocator.c preloaded.
//   node memory-refused-child.mjs native|wasm '{options of conformance()}'
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { OutOfMemoryError } from '@sinapse/core';
import { conformance } from '@sinapse/backend-testkit';
import { cpu } from '@sinapse/backend-cpu';

const [kind, options] = [process.argv[2], JSON.parse(process.argv[3])];
const instructionSet = kind === 'wasm' ? 'simd128' : undefined;
const make = () => cpu({ engine: kind, instructionSet, threads: kind === 'wasm' ? 1 : 2, poison: true });
const forgetful = kind === 'native' ? await make() : undefined;

/** Ways to refuse memory: `from(n)` the n-th request and all that follow, none where n is 0; `reset` takes all kept scratch memory away. */
function native() {
  const addon = createRequire(import.meta.url)(
    process.env.SINAPSE_CPU_ADDON ?? fileURLToPath(new URL('../build/native/sinapse-cpu.node', import.meta.url)),
  );
  return {
    from: (n) => void addon.allocate(1e14 + n),
    reset: () => addon.create(addon.instructionSets[0], 1, () => {}).close(),
    scratchBytes: () => addon.scratchBytes(),
  };
}

function wasm({ engine }) {
  let left = 0;
  const { heap } = engine;
  const allocate = heap.allocate.bind(heap);
  heap.allocate = (bytes) => {
    if (left === 1) throw new OutOfMemoryError('the test', { asked: bytes });
    if (left > 1) left--;
    return allocate(bytes);
  };
  return { from: (n) => void (left = n), reset: () => engine.exports.unwind(), scratchBytes: () => engine.exports.scratchBytes() };
}

const problems = [];
const refused = new Set();
let refusals = 0;

function refusing(backend) {
  const memory = kind === 'wasm' ? wasm(backend) : native();
  const wrap = (name, kernel) => (call) => {
    for (let n = 1; ; n++) {
      memory.reset();
      memory.from(n);
      try {
        kernel(call);
        return;
      } catch (error) {
        if (!(error instanceof OutOfMemoryError)) throw error;
        refusals++;
        refused.add(name);
        if (memory.scratchBytes() !== 0) problems.push(`${name}: ${memory.scratchBytes()} bytes of scratch memory are left behind`);
        if (n > 100) throw error;
      } finally {
        memory.from(0);
      }
    }
  };
  const kernels = Object.fromEntries(Object.entries(backend.kernels).map(([name, kernel]) => [name, wrap(name, kernel)]));
  return Object.create(backend, { kernels: { value: kernels } });
}

const { info, checks } = await conformance(async () => refusing(await make()), options);
for (const { section, name, error } of checks) if (error !== undefined) problems.push(`${section} ${name}: ${error}`);
await forgetful?.close();
console.log(JSON.stringify({ engine: info.engine, checks: checks.length, refusals, refused: [...refused], problems }));
