// The texts of a report in English. Functions take numbers that are written out already.

type Values = Readonly<Record<string, string>>;

export const english = {
  title: (name: string): string => `Report: ${name}`,
  contents: 'Contents',
  madeBy: (version: string): string => `Made by Sinapse ${version} from the record of the run alone. This file needs no network.`,

  result: {
    title: 'The result',
    accuracy: (share: string, count: string): string => `It is right in ${share} of ${count} test examples that it had not seen.`,
    interval: (low: string, high: string): string =>
      `On other examples of the same kind, from ${low} to ${high} is likely (Wilson's interval, 95 %).`,
    guess: (guess: string, share: string): string => `Always saying “${guess}” would be right in ${share}.`,
    better: 'The network has learned something that the simplest guess does not know.',
    unsure: 'That is better than the guess, but with so few test examples it may be chance.',
    noBetter: 'It is no better than that guess: the examples may be too few, or they may not show what decides.',
    error: (error: string, count: string): string =>
      `Its error is ${error} (root mean square) over ${count} test examples that it had not seen.`,
    radius: (radius: string): string => `In about 95 of 100 cases the true value lies within ± ${radius} of what it says.`,
    guessError: (guess: string, error: string): string => `Always saying the mean, ${guess}, has an error of ${error}.`,
    metrics: {
      accuracy: 'Accuracy',
      logLoss: 'Log loss',
      rootMeanSquaredError: 'Root mean squared error',
      meanAbsoluteError: 'Mean absolute error',
      rSquared: 'R²',
    } as Values,
    measure: 'Measure',
    model: 'Model',
    simplest: 'Simplest guess',
  },

  data: {
    title: 'The data',
    examples: 'Examples',
    parts: 'To train / to decide when to stop / to test',
    sizes: 'Width × height: smallest, middle, largest',
    target: 'To predict',
    class: 'Class',
    count: 'Examples',
    column: 'Column',
    kind: 'Kind',
    kinds: { number: 'numbers', category: 'categories', text: 'texts', boolean: 'yes or no', date: 'dates' } as Values,
    missing: 'Missing',
    skipped: (count: string): string => `Left out: ${count}`,
    more: (count: string): string => `and ${count} more`,
    noDuplicates: 'No copies were found.',
    duplicatesUnknown: 'Nobody looked for copies among these examples.',
    exact: (count: string): string => `Groups of the same: ${count}`,
    near: (count: string): string => `Groups of nearly the same: ${count}`,
    remarks: 'What was noticed',
  },

  curves: {
    title: 'Learning curves',
    loss: 'Loss',
    accuracy: 'Accuracy',
    epoch: 'Epoch',
    training: 'training',
    validation: 'validation',
    note: 'Where the training curve goes on improving and the other does not, the network learns its examples by heart.',
    stopped: {
      finished: 'All epochs were done.',
      early: 'It ended early, because the validation no longer improved.',
      time: 'It ended because the time was over.',
    } as Values,
  },

  confusion: {
    title: 'Confusion matrix',
    note: 'A row is what an example is, a column what the network says. On the diagonal it is right.',
    actual: 'Is',
    predicted: 'Said',
    often: 'The most frequent mistakes',
    times: 'Times',
  },

  classes: {
    title: 'Each class',
    precision: 'Precision',
    recall: 'Recall',
    f1: 'F1',
    support: 'Test examples',
    note: 'Precision: of those said to be of the class, how many are. Recall: of those of the class, how many are found. F1 is their harmonic mean.',
  },

  roc: {
    title: 'ROC curves',
    falsePositives: 'False positive rate',
    truePositives: 'True positive rate',
    area: (name: string, area: string): string => `${name}: area ${area}`,
    note: 'Each class against all others. The dashed line is guessing; an area of 1 is perfect.',
    hardest: (count: string): string => `Shown are the ${count} classes with the smallest areas.`,
  },

  calibration: {
    title: 'Calibration',
    confidence: 'What it promises: the probability of its answer',
    accuracy: 'What it keeps: the share of right answers',
    error: (error: string): string => `Expected calibration error: ${error}.`,
    note: 'Points on the dashed line are honest; below it, the network is too sure of itself. A larger point stands for more examples.',
  },

  mistakes: {
    title: 'The most confident mistakes',
    none: 'It made no mistake on the test.',
    note: 'Look here first: wrong labels, pictures that show something else, and what the network has not understood.',
    is: (label: string): string => `is ${label}`,
    says: (label: string, share: string): string => `said ${label}, ${share}`,
    example: 'Example',
    actual: 'Is',
    predicted: 'Said',
    probability: 'Probability',
  },

  looks: {
    title: 'Where it looks',
    note: 'Saliency: the brighter a pixel, the more a small change of it changes the answer (Simonyan and others 2014). Grad-CAM: the brighter or warmer a place, the more it speaks for the answer (Selvaraju and others 2017).',
    picture: 'As it sees it',
    saliency: 'Saliency',
    gradCam: 'Grad-CAM',
  },

  importance: {
    title: 'The importance of the columns',
    rise: 'Rise of the loss when the column is mixed up',
    note: 'The mean of five permutations and its standard deviation, on the test examples (Breiman 2001). Of columns that say the same, each seems unimportant.',
  },

  regression: {
    title: 'Predicted against actual',
    actual: 'Actual',
    predicted: 'Predicted',
    note: 'On the line it is right; the band holds about 95 of 100.',
    noteWithoutBand: 'On the line it is right.',
    worst: 'The largest errors',
    error: 'Error',
  },

  architecture: {
    title: 'Architecture',
    layer: 'Layer',
    type: 'Type',
    output: 'Output',
    parameters: 'Parameters',
    macs: 'Multiplications',
    total: 'Total',
    networks: (count: string): string => `${count} networks answer together.`,
  },

  use: {
    title: 'Use the model',
    terminal: 'In the terminal:',
    program: 'In TypeScript, in the folder of the run:',
  },

  limits: {
    title: 'What the numbers do not say',
    smallTest: (count: string, low: string, high: string): string =>
      `${count} test examples are few: with others, the accuracy may be anything from ${low} to ${high}.`,
    interval: (low: string, high: string): string =>
      `The accuracy has an interval, ${low} to ${high}: smaller differences between two models mean nothing.`,
    smallTestValues: (count: string): string => `${count} test examples are few: the error is itself uncertain.`,
    imbalance: (name: string, least: string, most: string): string =>
      `“${name}” has ${least} examples, the largest class ${most}: the accuracy says little about it. Look at its recall.`,
    untested: (names: string): string => `No test example is of: ${names}.`,
    copies: 'Copies were found. Each group is kept in one part of the data, but it counts several times.',
    across: (count: string): string => `${count} groups of copies lie in more than one part of the data: the test looks better than it is.`,
    unknownCopies: 'If the test holds copies of training examples, it looks better than it is.',
    skipped: (count: string): string => `${count} files or rows were left out: if they differ from the others, the test does not know.`,
    elsewhere:
      'The test examples come from where the training examples come from. Other cameras, places or years may differ, and no figure here says how much.',
    cause: 'What the network looks at need not be the cause: it uses whatever tells these examples apart.',
    partial: (shown: string): string => `Only ${shown} of the test examples are in this report; the measures at the top are of all.`,
  },

  findings: {
    overfitting: (v: Values): string =>
      `It knows what it was shown (${v['learned']}) better than what is new (${v['unseen']}): more examples would help, or more augmentation.`,
    underfitting: (_: Values): string => 'It was still improving when it ended: more epochs or a larger network may help.',
    timeOver: (_: Values): string => 'The time was over before the training was: more of it would help.',
    weakClass: (v: Values): string =>
      `It finds “${v['class']}” worst, ${v['recall']} of them, and mostly says “${v['other']}” instead: look at these examples first.`,
  } as Readonly<Record<string, (values: Values) => string>>,

  settings: {
    title: 'How it was made',
    model: 'Network',
    seconds: 'Seconds in all',
    names: {
      sinapse: 'Sinapse',
      node: 'Node',
      platform: 'System',
      processor: 'Processor',
      threads: 'Threads',
      memoryGiB: 'Memory, GiB',
      backend: 'Backend',
      engine: 'Engine',
    } as Values,
  },

  notebook: {
    problem: 'Problem',
    solution: 'Solution',
    program: 'Program',
    run: 'The cells are TypeScript. They run in Jupyter with the kernel of Deno (`deno jupyter --install`), from the folder of the run.',
    read: 'The record of the run holds what the network said of each test example.',
    measure: 'The measures, once more, from these answers:',
    open: 'The network itself, read from its file:',
    epochs: 'What it learned in each epoch:',
    figures: 'Figures of the report',
  },
};

/** Every text of a report; English says which there are. */
export type Words = typeof english;
