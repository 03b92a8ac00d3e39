// Trains in the main thread and in a worker at the same time, and counts the threads of the process. It ends by itself, with nothing closed.

import { readdirSync, readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { train } from './small-training.mjs';

/** Threads of the native pool, by the name they give themselves. */
function poolThreads() {
  const tasks = readdirSync('/proc/self/task');
  return tasks.filter((task) => readFileSync(`/proc/self/task/${task}/comm`, 'utf8').trim() === 'sinapse').length;
}

if (isMainThread) {
  const options = JSON.parse(process.argv[2]);
  const worker = new Worker(new URL(import.meta.url), { workerData: options });
  const theirs = new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await new Promise((resolve) => worker.once('online', resolve));
  const ours = [];
  for (let round = 0; round < 3; round++) ours.push(await train(options));
  console.log(JSON.stringify({ ours, theirs: await theirs, poolThreads: process.platform === 'linux' ? poolThreads() : undefined }));
} else {
  const runs = [];
  for (let round = 0; round < 3; round++) runs.push(await train(workerData));
  parentPort.postMessage(runs);
}
