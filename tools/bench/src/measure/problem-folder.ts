// The files that the contestants of a case read at the start.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSafetensors } from '@sinapse/formats';
import type { Expected } from '../cases/bench-case.ts';
import type { Arrays } from '../problem/numbers.ts';
import type { Job, Task } from '../problem/task.ts';
import { onEnd } from '../process/on-end.ts';

export class ProblemFolder {
  private readonly path = mkdtempSync(join(tmpdir(), 'sinapse-bench-'));
  private readonly forget = onEnd(() => rmSync(this.path, { recursive: true, force: true }));
  private readonly job: Pick<Job, 'task' | 'arrays' | 'samples'>;

  constructor(task: Task, arrays: Arrays, expected: Readonly<Record<string, Expected>>) {
    const file = join(this.path, 'arrays.safetensors');
    const named = [...arrays].map(([name, { shape, data }]) => {
      const dtype = data instanceof Float32Array ? 'float32' : 'int32';
      return [name, { dtype, shape, data }] as const;
    });
    writeFileSync(file, encodeSafetensors(named));
    const samples = Object.fromEntries(Object.entries(expected).flatMap(([name, { indices }]) => (indices ? [[name, indices]] : [])));
    this.job = { task, arrays: file, samples };
  }

  /** Writes a job's file and returns its path. A contestant reads it when it starts; the next job overwrites it. */
  write(threads: number, setting: Job['setting']): string {
    const file = join(this.path, 'job.json');
    writeFileSync(file, JSON.stringify({ ...this.job, threads, setting }));
    return file;
  }

  remove(): void {
    this.forget();
    rmSync(this.path, { recursive: true, force: true });
  }
}
