// The initialisers, under one name: `import { initializers } from '@sinapse/layers'`.

export { constant, normal, ones, truncatedNormal, uniform, zeros } from './distributions.ts';
export { identity, orthogonal } from './orthogonal.ts';
export { glorotNormal, glorotUniform, heNormal, heUniform, lecunNormal, lecunUniform, varianceScaling } from './variance-scaling.ts';
