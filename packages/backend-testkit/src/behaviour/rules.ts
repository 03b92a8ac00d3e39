// The list of all rules of the interface that are not about what one kernel computes.

import { dispatchRules } from './dispatch.ts';
import { donationRules } from './donation.ts';
import { interfaceRules } from './interface.ts';
import { lifecycleRules } from './lifecycle.ts';
import { repeatabilityRules } from './repeatability.ts';
import type { Rule } from './rule.ts';
import { storageRules } from './storage.ts';

export const behaviourRules: readonly Rule[] = [
  ...interfaceRules,
  ...storageRules,
  ...donationRules,
  ...repeatabilityRules,
  ...dispatchRules,
  ...lifecycleRules,
];
