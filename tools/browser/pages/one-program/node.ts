// The same in Node, on WebGPU: the task comes on standard input, and what was found goes to standard output, as JSON.

import { webgpu } from '@sinapse/backend-webgpu';
import { use } from '@sinapse/core';
import type { Task } from './program.ts';
import { run } from './program.ts';

let text = '';
for await (const part of process.stdin.setEncoding('utf8')) text += String(part);
const backend = use(await webgpu());
const found = await run(JSON.parse(text) as Task);
await backend.close();
process.stdout.write(JSON.stringify(found));
