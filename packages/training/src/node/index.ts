// What touches files: @sinapse/training/node.

export { loadCheckpoint, loadModel, saveCheckpoint, saveModel } from './files.ts';
export type { FileOperations } from './write-file-atomic.ts';
export { writeFileAtomic } from './write-file-atomic.ts';
