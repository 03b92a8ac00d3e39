// Runs in a process of its own, whose environment names a Vulkan driver: the conformance suite. Prints JSON. The process ends itself, as Dawn
// would keep it alive.

import { conformance } from '@sinapse/backend-testkit/conformance';
import { webgpu } from '@sinapse/backend-webgpu';

const full = process.env['SINAPSE_TEST_TIER'] === 'full';
const { checks, passed, info } = await conformance(() => webgpu(), full ? {} : { casesPerKernel: 4 });
process.stdout.write(JSON.stringify({ checks, passed, info }), () => process.exit(0));
