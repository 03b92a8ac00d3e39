// The body of a worker in a browser: its first message is its task.

import { serve } from '../engine/serve.ts';
import type { WorkerTask } from '../engine/wasm.ts';

globalThis.onmessage = (event: MessageEvent<WorkerTask>) => serve(event.data);
