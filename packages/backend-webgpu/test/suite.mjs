// Runs in a process of its own, whose environment names a Vulkan driver: the conformance suite, and once more the kernels that have another way where
// the memory of workgroups is used. Prints JSON. The process ends itself, as Dawn would keep it alive.

import { conformance } from '@sinapse/backend-testkit/conformance';
import { webgpu } from '@sinapse/backend-webgpu';

const full = process.env['SINAPSE_TEST_TIER'] === 'full';
const whole = await conformance(() => webgpu(), full ? {} : { casesPerKernel: 4 });
const tiles = await conformance(() => webgpu({ workgroupMemory: true }), {
  only: ['matmul', 'conv2d', 'conv2dFilterGrad'],
  sections: ['kernels'],
  casesPerKernel: full ? 60 : 5, // barriers are slow on a software rasteriser
});
process.stdout.write(JSON.stringify({ whole, tiles }), () => process.exit(0));
