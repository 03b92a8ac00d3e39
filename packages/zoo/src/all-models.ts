// The list of models. A file in it exports functions that make models, the types of their options, and an entry for each: `lenet5`, `lenet5Entry`.
// All are public, and `createModel` knows every model that has an entry.

export * from './lenet5/lenet5.ts';
export * from './resnet/resnet-cifar.ts';
export * from './resnet/resnet.ts';
export * from './resnet/resnext50.ts';
export * from './densenet/densenet.ts';
export * from './densenet/densenetbc.ts';
export * from './efficientnet/efficientnetb0.ts';
export * from './mobilenet/mobilenetv1.ts';
export * from './mobilenet/mobilenetv2.ts';
export * from './mobilenet/mobilenetv3.ts';
export * from './unet/unet.ts';
export * from './vit/vit.ts';
