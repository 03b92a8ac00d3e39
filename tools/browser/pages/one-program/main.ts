// Does the task that lies beside the page, on the backend that its address names: `?webgl`, `?webgpu`.

import { webgl } from '@sinapse/backend-webgl';
import { webgpu } from '@sinapse/backend-webgpu';
import { use } from '@sinapse/core';
import { publish } from '../../src/outcome.ts';
import type { Task } from './program.ts';
import { run } from './program.ts';

publish(async () => {
  const backend = use(await (location.search === '?webgl' ? webgl() : webgpu()));
  const task = (await (await fetch('task.json')).json()) as Task;
  const found = await run(task);
  await backend.close();
  return found;
});
