// Builds the kernels: `node scripts/build.mjs [wasm] [native]`, by default both.
import { buildNative } from './build-native.mjs';
import { buildWasm } from './build-wasm.mjs';

const wanted = process.argv.slice(2);
const wants = (what) => wanted.length === 0 || wanted.includes(what);
try {
  if (wants('native')) {
    const { fresh, reason } = await buildNative();
    console.log(`native: ${reason ?? (fresh ? 'built' : 'up to date')}`);
  }
  if (wants('wasm')) {
    const count = await buildWasm();
    console.log(`wasm: ${count === 0 ? 'up to date' : `${count} built`}`);
  }
} catch (error) {
  console.error(error.stderr || error.message);
  process.exitCode = 1;
}
