// npm run bench:browser: see src/bench.ts, which Vite loads, because Node 20 runs no TypeScript.
import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('./src/bench.ts', import.meta.url).pathname);
await module.bench(process.argv.slice(2));
