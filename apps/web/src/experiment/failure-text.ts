// A sentence for each kind of failure: what happened, and what to do.

import { number } from '../shell/language.ts';
import type { Texts } from '../shell/language.ts';
import type { Failure, FailureKind, FailureOf } from './failure.ts';

type Sentences = { readonly [K in FailureKind]: (failure: FailureOf<K>) => string };

const en: Sentences = {
  deviceLost: () => 'The browser took the graphics card away: its driver was reset, its memory ran out, or another page needed it.',
  outOfMemory: ({ megabytes }) =>
    `Memory is short: ${number(megabytes)} MB more could not be had. A smaller batch or network needs less, and closing other tabs frees some. Play goes on from the last epoch.`,
  shader: () =>
    'The driver of the graphics card does not compile a part of this network. Play tries that part in smaller steps, from the last epoch on; the processor needs no driver.',
  diverged: () => 'The loss is not a number any more: the training diverged. Start over with a smaller learning rate.',
  networkDoesNotFit: () => 'This network does not take this data.',
  backendDoesNotStart: () => 'This backend does not start; the one before goes on computing.',
  workerFailed: () =>
    'The part of this page that computes has failed. Load the page again to start it anew; its settings are in the address.',
  fileEmpty: ({ name }) => `${name} is empty.`,
  fileTooLarge: ({ name, megabytes, most }) => `${name} is too large: ${number(megabytes)} MB. At most ${number(most)} MB are read.`,
  fileUnreadable: ({ name }) => `${name} cannot be read: it was moved or changed meanwhile, or it is a folder.`,
  filePicture: ({ name }) =>
    `${name} is a picture. This page learns from MNIST’s files, one with images (idx3) and one with labels (idx1); to have a digit read, draw it on the page “Draw”.`,
  fileUnknown: ({ name }) => `${name} is neither images or labels of MNIST’s format (idx, also as .gz) nor a model (.safetensors).`,
  fileDamaged: ({ name }) => `${name} is damaged or incomplete.`,
  labelsMissing: ({ name }) => `${name} has the images; the file with the labels (idx1) is missing. Drop both at once.`,
  imagesMissing: ({ name }) => `${name} has the labels; the file with the images (idx3) is missing. Drop both at once.`,
  sizesDiffer: () => 'The images for training and those for testing have different sizes.',
  tooFewImages: ({ count, least }) =>
    `${number(count)} images are too few to train and to test with; at least ${number(least)} are needed.`,
  modelOfWeightsAlone: ({ name }) => `${name} holds weights alone, without the network they belong to.`,
  modelWithUnknownLayer: ({ name, layer }) => `The network of ${name} has a layer that this page does not know: ${layer}.`,
  modelForOtherInputs: ({ name, takes, given }) => `The network of ${name} takes inputs of ${takes}; the data here has ${given}.`,
  modelForOtherClasses: ({ name, gives, classes }) =>
    `The network of ${name} gives ${gives} scores; the data here has ${number(classes)} classes.`,
  unexpected: () => 'Something went wrong that this page does not know.',
};

const pt: Sentences = {
  deviceLost: () => 'O navegador retirou a placa gráfica: o driver reiniciou, a memória dela acabou ou outra página precisou dela.',
  outOfMemory: ({ megabytes }) =>
    `Falta memória: não foi possível obter mais ${number(megabytes)} MB. Um lote ou uma rede menor precisa de menos, e fechar outras abas libera um pouco. Iniciar continua da última época.`,
  shader: () =>
    'O driver da placa gráfica não compila uma parte desta rede. Iniciar tenta essa parte em passos menores, a partir da última época; o processador não precisa de driver.',
  diverged: () => 'O erro já não é um número: o treinamento divergiu. Recomece com uma taxa de aprendizado menor.',
  networkDoesNotFit: () => 'Esta rede não aceita estes dados.',
  backendDoesNotStart: () => 'Este backend não inicia; o anterior continua calculando.',
  workerFailed: () =>
    'A parte desta página que calcula falhou. Carregue a página de novo para reiniciá-la; as configurações estão no endereço.',
  fileEmpty: ({ name }) => `${name} está vazio.`,
  fileTooLarge: ({ name, megabytes, most }) => `${name} é grande demais: ${number(megabytes)} MB. São lidos no máximo ${number(most)} MB.`,
  fileUnreadable: ({ name }) => `${name} não pode ser lido: foi movido ou alterado, ou é uma pasta.`,
  filePicture: ({ name }) =>
    `${name} é uma figura. Esta página aprende com os arquivos do MNIST, um com as imagens (idx3) e um com os rótulos (idx1); para ter um dígito lido, desenhe-o na página “Desenhar”.`,
  fileUnknown: ({ name }) => `${name} não contém imagens nem rótulos no formato do MNIST (idx, também .gz), nem um modelo (.safetensors).`,
  fileDamaged: ({ name }) => `${name} está danificado ou incompleto.`,
  labelsMissing: ({ name }) => `${name} traz as imagens; falta o arquivo com os rótulos (idx1). Solte os dois juntos.`,
  imagesMissing: ({ name }) => `${name} traz os rótulos; falta o arquivo com as imagens (idx3). Solte os dois juntos.`,
  sizesDiffer: () => 'As imagens de treino e as de teste têm tamanhos diferentes.',
  tooFewImages: ({ count, least }) =>
    `${number(count)} imagens são poucas para treinar e testar; são precisas pelo menos ${number(least)}.`,
  modelOfWeightsAlone: ({ name }) => `${name} contém só pesos, sem a rede a que pertencem.`,
  modelWithUnknownLayer: ({ name, layer }) => `A rede de ${name} tem uma camada que esta página não conhece: ${layer}.`,
  modelForOtherInputs: ({ name, takes, given }) => `A rede de ${name} recebe entradas de ${takes}; os dados daqui têm ${given}.`,
  modelForOtherClasses: ({ name, gives, classes }) =>
    `A rede de ${name} dá ${gives} pontuações; os dados daqui têm ${number(classes)} classes.`,
  unexpected: () => 'Algo deu errado que esta página não conhece.',
};

export const failureTexts: Texts<Sentences> = { en, pt };

/** The sentence of a failure. */
export function sentenceOf(failure: Failure, sentences: Sentences): string {
  return (sentences[failure.kind] as (given: Failure) => string)(failure);
}
