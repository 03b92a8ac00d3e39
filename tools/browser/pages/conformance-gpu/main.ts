// Runs the conformance suite on a graphics processor: `?backend=webgl`, `?cases=4` on so many cases a kernel, `?only=add,matmul` on some kernels,
// `?sections=kernels,behaviour` on some parts.

import type { Section } from '@sinapse/backend-testkit/conformance';
import { conformance } from '@sinapse/backend-testkit/conformance';
import { webgl } from '@sinapse/backend-webgl';
import { webgpu } from '@sinapse/backend-webgpu';
import type { KernelName } from '@sinapse/core';
import { publish } from '../../src/outcome.ts';

const query = new URLSearchParams(location.search);
const create = { webgl: () => webgl(), webgpu: () => webgpu() }[query.get('backend') as 'webgl' | 'webgpu'];
const casesPerKernel = Number(query.get('cases') ?? Infinity);
const only = query.get('only')?.split(',') as KernelName[] | undefined;
const sections = query.get('sections')?.split(',') as Section[] | undefined;
const tier = query.get('tier') === 'full' ? 'full' : 'quick';
publish(() => conformance(create, { tier, casesPerKernel, ...(only && { only }), ...(sections && { sections }) }));
