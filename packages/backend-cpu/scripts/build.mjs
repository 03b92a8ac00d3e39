// Builds the kernels: `node scripts/build.mjs [wasm] [native]`, everything unless told.
import { buildNative } from './build-native.mjs';
import { buildWasm } from './build-wasm.mjs';

const wanted = process.argv.slice(2);
const everything = wanted.length === 0;
try {
  if (everything || wanted.includes('native')) console.log(`native: ${await buildNative()}`);
  if (everything || wanted.includes('wasm')) {
    const count = await buildWasm();
    console.log(`wasm: ${count === 0 ? 'up to date' : `${count} built`}`);
  }
} catch (error) {
  console.error(error.stderr || error.message);
  process.exitCode = 1;
}
