// Worker threads that call a module's function. A call that takes too long, or breaks its thread, ends with an error; the thread is
// replaced, so the calls after it are served.

import { SinapseError } from '@sinapse/core';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkerAnswer, WorkerRequest, WorkerTask } from './worker-program.ts';

/** The compiled program, also where this file runs as a source, in tests. */
const PROGRAM = fileURLToPath(new URL('../../dist/node/worker-program.js', import.meta.url));

export interface PoolOptions {
  readonly workers: number;
  /** Megabytes of JavaScript objects that a thread may hold. @default Node's own limit */
  readonly memoryMb?: number | undefined;
}

interface Call {
  readonly args: WorkerRequest;
  /** Milliseconds that it may take once its thread is ready. */
  readonly timeoutMs: number | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  ready: boolean;
  call: Call | undefined;
  timer: NodeJS.Timeout | undefined;
}

export class WorkerPool {
  private readonly task: WorkerTask;
  private readonly options: PoolOptions;
  private readonly threads = new Set<Thread>();
  private readonly waiting: Call[] = [];
  private closed = false;

  constructor(task: WorkerTask, options: PoolOptions) {
    this.task = task;
    this.options = options;
  }

  /**
   * Calls the function in a thread that is free, in the order of the calls.
   * @param timeoutMs milliseconds that the call may take, by default without limit
   * @throws SinapseError with the message of the function's error; when the call takes too long or breaks its thread; after `close`
   */
  async run(args: WorkerRequest, timeoutMs?: number): Promise<unknown> {
    if (this.closed) throw new SinapseError('workers: they were closed');
    return new Promise((resolve, reject) => {
      this.waiting.push({ args, timeoutMs, resolve, reject });
      this.serve();
    });
  }

  /** Ends the threads; calls under way fail. */
  async close(): Promise<void> {
    this.closed = true;
    for (const call of this.waiting.splice(0)) call.reject(new SinapseError('workers: they were closed'));
    await Promise.all([...this.threads].map((thread) => this.end(thread, 'workers: they were closed')));
  }

  private serve(): void {
    while (this.waiting.length > 0) {
      const free = [...this.threads].find(({ call }) => call === undefined) ?? (this.threads.size < this.options.workers ? this.start() : undefined); // prettier-ignore
      if (free === undefined) return;
      free.call = this.waiting.shift()!;
      free.worker.ref();
      if (free.ready) this.send(free);
    }
  }

  private send(thread: Thread): void {
    const { args, timeoutMs } = thread.call!;
    try {
      thread.worker.postMessage(args);
    } catch (error) {
      return this.answer(thread, { message: `an argument cannot be sent to a thread: ${(error as Error).message.split('\n')[0]}` });
    }
    if (timeoutMs !== undefined)
      thread.timer = setTimeout(() => void this.end(thread, `takes longer than ${timeoutMs / 1000} s`), timeoutMs);
  }

  private start(): Thread {
    const { memoryMb } = this.options;
    const worker = new Worker(PROGRAM, {
      workerData: this.task,
      ...(memoryMb !== undefined && { resourceLimits: { maxOldGenerationSizeMb: memoryMb } }),
    });
    const thread: Thread = { worker, ready: false, call: undefined, timer: undefined };
    worker.on('message', (answer: WorkerAnswer) => this.answer(thread, answer));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? `needs more than ${memoryMb ?? ''} MB of memory` : error.message;
      void this.end(thread, reason.split('\n')[0]!);
    });
    worker.on('exit', () => void this.end(thread, 'ended its thread'));
    worker.unref(); // an idle thread does not keep the process alive
    this.threads.add(thread);
    return thread;
  }

  private answer(thread: Thread, answer: WorkerAnswer): void {
    const { call } = thread;
    if ('ready' in answer) {
      thread.ready = true;
      if (call !== undefined) this.send(thread);
      return;
    }
    clearTimeout(thread.timer);
    thread.call = undefined;
    thread.worker.unref();
    if ('result' in answer) call?.resolve(answer.result);
    else call?.reject(new SinapseError(answer.message));
    this.serve();
  }

  /** Ends a thread and fails its call. */
  private async end(thread: Thread, reason: string): Promise<void> {
    if (!this.threads.delete(thread)) return;
    clearTimeout(thread.timer);
    thread.call?.reject(new SinapseError(reason));
    await thread.worker.terminate();
    if (!this.closed) this.serve();
  }
}
