// Saving and loading in a page: the page is page/index.html and page/main.js; this program serves it. Any server that understands
// `import { use } from '@sinapse/core'` will do; this one is Vite.

import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

export const server = await createServer({
  root: fileURLToPath(new URL('page/', import.meta.url)),
  configFile: false,
  logLevel: 'error',
  server: { host: '127.0.0.1' },
});
await server.listen();
export const address = server.resolvedUrls?.local[0] ?? '';
console.log(`open ${address} in a browser; Ctrl-C ends the server`);
