// The list of models. A file in it exports functions that make models, the types of their options, and an entry for each: `lenet5`, `lenet5Entry`.
// All are public, and `createModel` knows every model that has an entry.

export * from './alexnet/alexnet-torchvision.ts';
export * from './alexnet/alexnet.ts';
export * from './densenet/densenet.ts';
export * from './densenet/densenetbc.ts';
export * from './efficientnet/efficientnetb0.ts';
export * from './googlenet/googlenet-torchvision.ts';
export * from './googlenet/googlenet.ts';
export * from './inception/inceptionv3.ts';
export * from './lenet1.ts';
export * from './lenet5/lenet5.ts';
export * from './mlp.ts';
export * from './mobilenet/mobilenetv1.ts';
export * from './mobilenet/mobilenetv2.ts';
export * from './mobilenet/mobilenetv3.ts';
export * from './neocognitron/neocognitron.ts';
export * from './nin.ts';
export * from './resnet/resnet-cifar.ts';
export * from './resnet/resnet.ts';
export * from './resnet/resnext50.ts';
export * from './squeezenet.ts';
export * from './unet/unet.ts';
export * from './vgg.ts';
export * from './vit/vit.ts';
