// Os textos de um relatório em português: those of a report in Portuguese.

import type { Words } from './words-en.ts';

export const portuguese: Words = {
  title: (name) => `Relatório: ${name}`,
  contents: 'Conteúdo',
  madeBy: (version) => `Feito pelo Sinapse ${version} somente a partir do registro do treinamento. Este arquivo não precisa de rede.`,

  result: {
    title: 'O resultado',
    accuracy: (share, count) => `Acerta ${share} de ${count} exemplos de teste que nunca tinha visto.`,
    interval: (low, high) => `Em outros exemplos do mesmo tipo, é provável algo entre ${low} e ${high} (intervalo de Wilson, 95 %).`,
    guess: (guess, share) => `Dizer sempre “${guess}” acertaria ${share}.`,
    better: 'A rede aprendeu algo que o palpite mais simples não sabe.',
    unsure: 'É melhor do que o palpite, mas com tão poucos exemplos de teste pode ser acaso.',
    noBetter: 'Não é melhor do que esse palpite: os exemplos podem ser poucos, ou podem não mostrar o que decide.',
    error: (error, count) => `O erro é ${error} (raiz do erro quadrático médio) em ${count} exemplos de teste que nunca tinha visto.`,
    radius: (radius) => `Em cerca de 95 de 100 casos, o valor verdadeiro está a até ± ${radius} do que ela diz.`,
    guessError: (guess, error) => `Dizer sempre a média, ${guess}, tem um erro de ${error}.`,
    metrics: {
      accuracy: 'Acurácia',
      logLoss: 'Perda logarítmica',
      rootMeanSquaredError: 'Raiz do erro quadrático médio',
      meanAbsoluteError: 'Erro absoluto médio',
      rSquared: 'R²',
    },
    measure: 'Medida',
    model: 'Modelo',
    simplest: 'Palpite mais simples',
  },

  data: {
    title: 'Os dados',
    examples: 'Exemplos',
    parts: 'Para treinar / para decidir quando parar / para testar',
    sizes: 'Largura × altura: menor, do meio, maior',
    target: 'A prever',
    class: 'Classe',
    count: 'Exemplos',
    column: 'Coluna',
    kind: 'Tipo',
    kinds: { number: 'números', category: 'categorias', text: 'textos', boolean: 'sim ou não', date: 'datas' },
    missing: 'Faltam',
    skipped: (count) => `Deixados de fora: ${count}`,
    more: (count) => `e mais ${count}`,
    noDuplicates: 'Não foram encontradas cópias.',
    duplicatesUnknown: 'Não se procuraram cópias entre estes exemplos.',
    exact: (count) => `Grupos de iguais: ${count}`,
    near: (count) => `Grupos de quase iguais: ${count}`,
    remarks: 'O que se notou',
  },

  curves: {
    title: 'Curvas de aprendizado',
    loss: 'Perda',
    accuracy: 'Acurácia',
    epoch: 'Época',
    training: 'treinamento',
    validation: 'validação',
    note: 'Onde a curva de treinamento continua a melhorar e a outra não, a rede decora os seus exemplos.',
    stopped: {
      finished: 'Todas as épocas foram feitas.',
      early: 'Terminou antes, porque a validação não melhorava mais.',
      time: 'Terminou porque o tempo acabou.',
    },
  },

  confusion: {
    title: 'Matriz de confusão',
    note: 'A linha é o que o exemplo é, a coluna o que a rede diz. Na diagonal ela acerta.',
    actual: 'É',
    predicted: 'Disse',
    often: 'Os erros mais frequentes',
    times: 'Vezes',
  },

  classes: {
    title: 'Cada classe',
    precision: 'Precisão',
    recall: 'Revocação',
    f1: 'F1',
    support: 'Exemplos de teste',
    note: 'Precisão: dos que ela diz serem da classe, quantos são. Revocação: dos que são da classe, quantos ela encontra. F1 é a média harmônica das duas.',
  },

  roc: {
    title: 'Curvas ROC',
    falsePositives: 'Taxa de falsos positivos',
    truePositives: 'Taxa de verdadeiros positivos',
    area: (name, area) => `${name}: área ${area}`,
    note: 'Cada classe contra todas as outras. A linha tracejada é adivinhar; uma área de 1 é perfeita.',
    hardest: (count) => `Mostram-se as ${count} classes com as menores áreas.`,
  },

  calibration: {
    title: 'Calibração',
    confidence: 'O que promete: a probabilidade da sua resposta',
    accuracy: 'O que cumpre: a parte de respostas certas',
    error: (error) => `Erro de calibração esperado: ${error}.`,
    note: 'Pontos na linha tracejada são honestos; abaixo dela, a rede confia demais em si. Um ponto maior representa mais exemplos.',
  },

  mistakes: {
    title: 'Os erros mais confiantes',
    none: 'Não errou nenhum exemplo de teste.',
    note: 'Olhe primeiro aqui: rótulos errados, imagens que mostram outra coisa, e o que a rede não entendeu.',
    is: (label) => `é ${label}`,
    says: (label, share) => `disse ${label}, ${share}`,
    example: 'Exemplo',
    actual: 'É',
    predicted: 'Disse',
    probability: 'Probabilidade',
  },

  looks: {
    title: 'Para onde ela olha',
    note: 'Saliência: quanto mais claro um pixel, mais uma pequena mudança dele muda a resposta (Simonyan e outros 2014). Grad-CAM: quanto mais claro ou mais quente um lugar, mais ele fala a favor da resposta (Selvaraju e outros 2017).',
    picture: 'Como ela vê',
    saliency: 'Saliência',
    gradCam: 'Grad-CAM',
  },

  importance: {
    title: 'A importância das colunas',
    rise: 'Aumento da perda quando a coluna é embaralhada',
    note: 'A média de cinco permutações e o seu desvio padrão, nos exemplos de teste (Breiman 2001). De colunas que dizem o mesmo, cada uma parece sem importância.',
  },

  regression: {
    title: 'Previsto e real',
    actual: 'Real',
    predicted: 'Previsto',
    note: 'Na linha ela acerta; a faixa contém cerca de 95 de 100.',
    noteWithoutBand: 'Na linha ela acerta.',
    worst: 'Os maiores erros',
    error: 'Erro',
  },

  architecture: {
    title: 'Arquitetura',
    layer: 'Camada',
    type: 'Tipo',
    output: 'Saída',
    parameters: 'Parâmetros',
    macs: 'Multiplicações',
    total: 'Total',
    networks: (count) => `${count} redes respondem juntas.`,
  },

  use: {
    title: 'Usar o modelo',
    terminal: 'No terminal:',
    program: 'Em TypeScript, na pasta do treinamento:',
  },

  limits: {
    title: 'O que os números não dizem',
    smallTest: (count, low, high) =>
      `${count} exemplos de teste são poucos: com outros, a acurácia pode ser qualquer uma entre ${low} e ${high}.`,
    interval: (low, high) => `A acurácia tem um intervalo, de ${low} a ${high}: diferenças menores entre dois modelos não significam nada.`,
    smallTestValues: (count) => `${count} exemplos de teste são poucos: o próprio erro é incerto.`,
    imbalance: (name, least, most) =>
      `“${name}” tem ${least} exemplos, a maior classe ${most}: a acurácia diz pouco sobre ela. Veja a sua revocação.`,
    untested: (names) => `Nenhum exemplo de teste é de: ${names}.`,
    copies: 'Foram encontradas cópias. Cada grupo fica em uma só parte dos dados, mas conta várias vezes.',
    across: (count) => `${count} grupos de cópias estão em mais de uma parte dos dados: o teste parece melhor do que é.`,
    unknownCopies: 'Se o teste contém cópias de exemplos de treinamento, ele parece melhor do que é.',
    skipped: (count) => `${count} arquivos ou linhas ficaram de fora: se são diferentes dos outros, o teste não sabe.`,
    elsewhere:
      'Os exemplos de teste vêm de onde vêm os de treinamento. Outras câmeras, lugares ou anos podem ser diferentes, e nenhum número aqui diz quanto.',
    cause: 'O que a rede olha não precisa ser a causa: ela usa o que quer que distinga estes exemplos.',
    partial: (shown) => `Somente ${shown} dos exemplos de teste estão neste relatório; as medidas no início são de todos.`,
  },

  findings: {
    overfitting: (v) =>
      `Ela conhece o que lhe mostraram (${v['learned']}) melhor do que o que é novo (${v['unseen']}): mais exemplos ajudariam, ou mais aumento de dados.`,
    underfitting: () => 'Ainda melhorava quando terminou: mais épocas ou uma rede maior podem ajudar.',
    timeOver: () => 'O tempo acabou antes do treinamento: mais tempo ajudaria.',
    weakClass: (v) =>
      `A classe que ela menos encontra é “${v['class']}”, ${v['recall']} dela, e diz quase sempre “${v['other']}” no lugar: olhe primeiro estes exemplos.`,
  },

  settings: {
    title: 'Como foi feito',
    model: 'Rede',
    seconds: 'Segundos ao todo',
    names: {
      sinapse: 'Sinapse',
      node: 'Node',
      platform: 'Sistema',
      processor: 'Processador',
      threads: 'Threads',
      memoryGiB: 'Memória, GiB',
      backend: 'Backend',
      engine: 'Motor',
    },
  },

  notebook: {
    problem: 'Problema',
    solution: 'Solução',
    program: 'Programa',
    run: 'As células são TypeScript. Rodam no Jupyter com o kernel do Deno (`deno jupyter --install`), a partir da pasta do treinamento.',
    read: 'O registro do treinamento contém o que a rede disse de cada exemplo de teste.',
    measure: 'As medidas, mais uma vez, a partir destas respostas:',
    open: 'A própria rede, lida do seu arquivo:',
    epochs: 'O que ela aprendeu em cada época:',
    figures: 'Figuras do relatório',
  },
};
