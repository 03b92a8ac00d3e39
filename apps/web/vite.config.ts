// Builds and serves the laboratory as static files. All addresses are relative, so that it works from any folder of a server.

import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/** Headers that make the page cross-origin isolated, so that the threads of the CPU backend may share memory. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  base: './',
  plugins: [preact()],
  server: { headers: isolation },
  preview: { headers: isolation },
  worker: { format: 'es' },
  build: { outDir: 'dist/site', target: 'es2022', chunkSizeWarningLimit: 2000 },
});
