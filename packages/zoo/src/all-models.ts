// The list of models. A file in it exports functions that make models, the types of their options, and an entry for each: `lenet5`, `lenet5Entry`.
// All are public, and `createModel` knows every model that has an entry.

export * from './lenet5/lenet5.ts';
export * from './resnet/resnet-cifar.ts';
export * from './resnet/resnet.ts';
export * from './resnet/resnext50.ts';
