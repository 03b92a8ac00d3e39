// A worker in a browser; the first message it receives is its task.

import { serve } from '../engine/serve.ts';
import type { WorkerTask } from '../engine/wasm.ts';

globalThis.onmessage = (event: MessageEvent<WorkerTask>) => serve(event.data);
