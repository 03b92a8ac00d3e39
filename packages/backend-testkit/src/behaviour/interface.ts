// What a backend says about itself.

import type { KernelName } from '@sinapse/core';
import { isNumeric, kernelDefinitions } from '@sinapse/core';
import type { Rule } from './rule.ts';
import { demand } from './rule.ts';

export const interfaceRules: readonly Rule[] = [
  {
    name: 'says what it is',
    run: ({ backend }) => {
      const { name, versions = {}, info } = backend;
      demand(name.length > 0 && info.engine.length > 0, 'the backend and its engine need names');
      for (const [kernel, version] of Object.entries(versions))
        demand(kernel in kernelDefinitions && Number.isInteger(version) && version >= 1, `versions: ${kernel}: ${version}`);
      demand(Number.isInteger(info.threads) && info.threads >= 1, `info.threads is ${info.threads}`);
      const { storage, arithmetic } = info.dtypes;
      for (const dtype of ['float32', 'int32', 'bool'] as const) demand(storage.includes(dtype), `info.dtypes.storage lacks ${dtype}`);
      for (const dtype of ['float32', 'int32'] as const) demand(arithmetic.includes(dtype), `info.dtypes.arithmetic lacks ${dtype}`);
      for (const dtype of arithmetic) demand(storage.includes(dtype), `info.dtypes.arithmetic has ${dtype}, storage does not`);
      for (const dtype of arithmetic) demand(isNumeric(dtype), `info.dtypes.arithmetic has ${dtype}, with which core does not compute`);
      demand(
        (backend.readSync === undefined) === (info.reading === 'waits'),
        `info.reading is ${info.reading}, readSync is ${backend.readSync === undefined ? 'absent' : 'there'}`,
      );
      demand(info.exactIntegerLimit >= 2 ** 24 && info.exactIntegerLimit <= 2 ** 31, `info.exactIntegerLimit is ${info.exactIntegerLimit}`);
    },
  },
  {
    name: 'has all required kernels and none that the table does not know',
    run: ({ backend: { kernels } }) => {
      for (const name of Object.keys(kernels)) demand(name in kernelDefinitions, `${name} is not a kernel of the table`);
      for (const name of Object.keys(kernelDefinitions) as KernelName[]) {
        demand(
          kernelDefinitions[name].lower !== undefined || typeof kernels[name] === 'function',
          `the required kernel ${name} is missing`,
        );
      }
    },
  },
];
