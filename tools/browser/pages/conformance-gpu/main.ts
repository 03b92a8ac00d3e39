// Runs the conformance suite on WebGL: `?cases=4` on so many cases a kernel, `?only=add,matmul` on some kernels.

import { conformance } from '@sinapse/backend-testkit/conformance';
import { webgl } from '@sinapse/backend-webgl';
import type { KernelName } from '@sinapse/core';
import { publish } from '../../src/outcome.ts';

const query = new URLSearchParams(location.search);
const casesPerKernel = Number(query.get('cases') ?? Infinity);
const only = query.get('only')?.split(',') as KernelName[] | undefined;
publish(() => conformance(() => webgl(), { casesPerKernel, ...(only === undefined ? {} : { only }) }));
