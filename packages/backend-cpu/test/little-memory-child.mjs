// Run with little memory (`ulimit -v`): sorts, fills the memory, sorts more than there is room for, and then uses everything.
import { OutOfMemoryError, full, range, scope, sort, specOf, use } from '@sinapse/core';
import { cpu } from '@sinapse/backend-cpu';

const backend = await cpu({ engine: 'native', threads: 2 });
use(backend);

/** Whether -(0 … size - 1) is sorted rightly. */
function sorts(size) {
  return scope(() => {
    const { values } = sort(range(size).mul(-1));
    return values.dataSync().every((value, i) => value === i + 1 - size);
  });
}

/** The result, or the name of the error. */
function outcome(action) {
  try {
    return action();
  } catch (error) {
    if (error instanceof OutOfMemoryError) return error.name;
    throw error;
  }
}

const small = full([1000], 7);
const before = [1e4, 1e5, 1e6].map(sorts);
const held = [];
const block = specOf('float32', [8e6]);
while (outcome(() => held.push(backend.allocate(block))) !== 'OutOfMemoryError');
for (let i = 0; i < 4; i++) backend.release(held.pop());
const large = Array.from({ length: 10 }, () => outcome(() => sorts(8e6)));
for (const storage of held) backend.release(storage);
const after = [1e4, 8e6, 1e6].map(sorts);
const kept = small.dataSync().every((value) => value === 7);
await backend.close();
console.log(JSON.stringify({ blocks: held.length, before, large, after, kept }));
