// The sections of a report, in their order. A new one is its file and a line here.

import type { MakeSection } from '../view.ts';
import { architecture } from './architecture.ts';
import { calibration } from './calibration.ts';
import { classes } from './classes.ts';
import { confusion } from './confusion.ts';
import { curves } from './curves.ts';
import { data } from './data.ts';
import { importance } from './importance.ts';
import { limits } from './limits.ts';
import { looks } from './looks.ts';
import { mistakes } from './mistakes.ts';
import { regression } from './regression.ts';
import { result } from './result.ts';
import { roc } from './roc.ts';
import { settings } from './settings.ts';
import { use } from './use.ts';

export const allSections: readonly MakeSection[] = [
  result,
  data,
  curves,
  regression,
  confusion,
  classes,
  roc,
  calibration,
  mistakes,
  looks,
  importance,
  architecture,
  use,
  limits,
  settings,
];
