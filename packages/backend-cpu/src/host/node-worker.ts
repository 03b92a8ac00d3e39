// A worker in Node.

import { workerData } from 'node:worker_threads';
import { serve } from '../engine/serve.ts';
import type { WorkerTask } from '../engine/wasm.ts';

serve(workerData as WorkerTask);
