// Runs the conformance suite on WebGL. Each new shape compiles a shader, so there are few cases.

import { webgl } from '@sinapse/backend-webgl';
import { conformance } from '@sinapse/backend-testkit/conformance';
import { publish } from '../../src/outcome.ts';

publish(() => conformance(() => webgl(), { casesPerKernel: 4 }));
