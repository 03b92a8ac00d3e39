// All cases, in the order of the table.

import { addCase } from './add.ts';
import type { BenchCase } from './bench-case.ts';
import { convolutionCases } from './convolution.ts';
import { inferenceCases } from './inference.ts';
import { matmulCases } from './matmul.ts';
import { sequenceCases } from './sequences.ts';
import { trainingCases } from './training.ts';

export const cases: readonly BenchCase[] = [
  ...matmulCases,
  ...convolutionCases,
  ...trainingCases,
  ...inferenceCases,
  ...sequenceCases,
  addCase,
];
