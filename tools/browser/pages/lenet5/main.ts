import { publish } from '../../src/outcome.ts';
import { entries, train } from './program.ts';

publish(async () => ({ entries, isolated: globalThis.crossOriginIsolated, trained: await train() }));
