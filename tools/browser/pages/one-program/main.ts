// Does the task that lies beside the page, on the backend that its address names: `?webgl`, `?webgpu`, `?tfjs`.

import { tfjsWebgl } from '@sinapse/backend-tfjs/webgl';
import { webgl } from '@sinapse/backend-webgl';
import { webgpu } from '@sinapse/backend-webgpu';
import type { Backend } from '@sinapse/core';
import { use } from '@sinapse/core';
import { publish } from '../../src/outcome.ts';
import type { Task } from './program.ts';
import { run } from './program.ts';

const backends: Readonly<Record<string, () => Promise<Backend>>> = { '?webgl': webgl, '?webgpu': webgpu, '?tfjs': tfjsWebgl };

publish(async () => {
  const backend = use(await backends[location.search]!());
  const task = (await (await fetch('task.json')).json()) as Task;
  const found = await run(task);
  await backend.close();
  return found;
});
