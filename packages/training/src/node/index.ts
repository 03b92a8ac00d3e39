// The public surface of @sinapse/training/node: functions that read and write files.

export { loadCheckpoint, loadModel, saveCheckpoint, saveModel } from './files.ts';
export type { FileOperations } from './write-file-atomic.ts';
export { writeFileAtomic } from './write-file-atomic.ts';
