// The public surface of @sinapse/training/node: functions that read and write files.

export { loadCheckpoint, loadModel, saveCheckpoint, saveModel } from './files.ts';
export type { FileOperations } from './write-file-atomic.ts';
export { writeFileAtomic } from './write-file-atomic.ts';
export type { CsvLogOptions } from './csv-log.ts';
export { csvLog } from './csv-log.ts';
export type { JsonLinesLogOptions } from './json-lines-log.ts';
export { jsonLinesLog } from './json-lines-log.ts';
export type { Image } from './tensor-board/png.ts';
export type { DrawnGraph } from './tensor-board/graph.ts';
export type { TensorBoardOptions } from './tensor-board/tensor-board.ts';
export { tensorBoard } from './tensor-board/tensor-board.ts';
export type { CheckpointFolderOptions } from './checkpoint-folder.ts';
export { checkpointFolder, lastCheckpoint } from './checkpoint-folder.ts';
export { trialLog } from './trial-log.ts';
