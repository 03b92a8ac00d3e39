// The commands and their options, as `--help` shows them. A command's code is loaded when it runs, so that help appears at once.

import { readFileSync } from 'node:fs';
import { Command, Help, Option } from 'commander';
import { example } from './invocation.ts';
import { inputShape, modelOption, notNegative, positiveNumber, ranges, share, timeSpan, wholeNumber, word } from './option-values.ts';
import { widthOf } from './output/width.ts';
import { wrapWords } from './output/wrap.ts';

/** @param finished receives the exit code of the command that ran */
export function createProgram(finished: (code: number) => void): Command {
  const program = new Command('sinapse')
    .description('Train, evaluate and use neural networks without writing code.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ showGlobalOptions: false, ...atWords });
  program.addHelpText('after', examples('train --quick-start', 'new ../my-project', 'train --help'));

  const command = (name: string, summary: string, ...lines: string[]): Command =>
    program
      .command(name)
      .description(summary)
      .addHelpText('after', examples(...lines));

  common(
    command(
      'train',
      'Train a model and write it to a run folder.',
      'train --quick-start',
      'train --data photos',
      'train --data table.csv --target column',
      'train --model lenet5 --dataset mnist --epochs 2 --out runs/mnist',
      'train --model lenet5 --model-option variant=original --dataset mnist',
      'train --model resnet18 --dataset cifar10 --pretrained resnet18.pth --fine-tune',
      'train --model char-lstm --data text.txt',
      'train --model lstm --data series.csv --target column --window 48 --horizon 12',
      'train --resume --out runs/mnist',
      'train --resume --out runs/mnist --epochs 5',
    )
      .option('--quick-start', 'LeNet-5 on the built-in digits, one epoch; other options still apply')
      .option('--model <name>', 'the architecture (default: lenet5)', word)
      .addOption(modelOptions())
      .option('--dataset <name>', 'what to learn, e.g. digits or mnist (see: datasets)', word)
      .addOption(dataFolder())
      .option(
        '--data <path>',
        'your own data in place of --dataset: a folder of pictures with a folder for each class, a table, or a text; a table is a series with --model lstm or gru',
        word,
      )
      .option('--target <column>', 'the column of a table to predict; of a series, the last of numbers by default', word)
      .addOption(
        new Option('--task <kind>', 'what a column of numbers holds (default: regression)').choices(['classification', 'regression']),
      )
      .option('--time <time>', 'with --data: how long it may take, e.g. 90s, 10m or 1h (default: 15m)', timeSpan)
      .addOption(
        new Option('--augment <strength>', 'with --data: how pictures are changed at random (default: light)').choices([
          'none',
          'light',
          'strong',
        ]),
      )
      .option('--folds <n>', 'with --data: cross-validate first, in so many folds', wholeNumber([2, 1000]))
      .option('--search [trials]', 'with --data: look for better settings first, in so many trials (default: 12)', wholeNumber([1, 10_000]))
      .option('--ensemble <n>', 'with --data: train so many networks, which answer together', wholeNumber([1, 100]))
      .option('--find-lr', 'with --data: find the learning rate by a short test')
      .option('--tensorboard', 'with --data: also write what TensorBoard shows')
      .option('--config <file>', 'with --data: settings from a YAML file; options on the command line win', word)
      .option('--print-config', 'with --data: look at the data, print the settings that would be used, and do nothing else')
      .option('--window <n>', 'steps that are read at once (default: 64 characters, or 48 steps of a series)', wholeNumber(ranges.steps))
      .option('--horizon <n>', 'steps of the series that are foreseen (default: 12)', wholeNumber(ranges.steps))
      .option(
        '--epochs <n>',
        'how often to go through the training images (default: 2; through a text 40 to 10, by its length; through a series 40)',
        wholeNumber(ranges.epochs),
      )
      .option('--batch-size <n>', 'images in one step (default: 128)', wholeNumber(ranges.batchSize))
      .option('--optimizer <name>', 'e.g. adam, sgd (default: adam)', word)
      .option('--learning-rate <rate>', "step size (default: the optimizer's own; of adam for a text, 0.01)", positiveNumber)
      .option(
        '--schedule <name>',
        'how that changes: cooldown (in the last fifth of the steps, to 0), cosine, constant (default: cooldown)',
        word,
      )
      .option('--seed <n>', 'initial weights and order; the same seed gives the same model (default: 1)', wholeNumber(ranges.seed))
      .option('--pretrained <file>', 'begin with its weights: a model file, or .pt, .npz, .safetensors by the names of torchvision', word)
      .option('--fine-tune', 'only the last layer learns, everything else stays as it is in --pretrained')
      .option('--train-limit <n>', limit('training', '10,000'), wholeNumber(ranges.images))
      .addOption(testLimit())
      .addOption(backend())
      .option('--out <folder>', 'the run folder (default: runs/<dataset>, or the next free runs/<dataset>-2, -3 …)', word)
      .option('--resume', 'continue the run in --out; its options are remembered, --epochs may grow')
      .addOption(language())
      .option('--no-report', 'write no report'),
  ).action(async (options) => finished(await (await import('./commands/train-any.ts')).trainAny(options)));

  common(
    command(
      'evaluate',
      'Measure a trained model on the test images of a data set.',
      'evaluate runs/mnist/model.safetensors --dataset mnist',
      'evaluate runs/mnist/model.safetensors --dataset mnist --metrics f1,rocAuc',
    )
      .argument('<model>', 'a model file', word)
      .requiredOption('--dataset <name>', 'the data set whose test images to use', word)
      .option('--metrics <names>', 'also measure these, with commas: f1, precision, recall, topKAccuracy, rocAuc, logLoss, …', word)
      .addOption(dataFolder())
      .addOption(testLimit())
      .addOption(backend()),
  ).action(async (model, options) => finished(await (await import('./commands/evaluate.ts')).evaluate(model, options)));

  common(
    command(
      'predict',
      'Say what images show, or what follows from the rows of a table.',
      'predict runs/mnist/model.safetensors digit.png',
      'predict runs/mnist/model.safetensors scans/*.jpg --top 1 --json',
      'predict runs/table/model.safetensors rows.csv',
      'predict runs/mnist/model.safetensors --dir scans --csv',
    )
      .argument('<model>', 'a model file', word)
      .argument('[images...]', 'PNG, JPEG, WebP, GIF, TIFF, AVIF or SVG files; for a model of a table, tables')
      .option('--dir <folder>', 'all pictures, or tables, in a folder and in those within it', word)
      .option('--csv', 'a table in CSV on standard output, and nothing else')
      .option('--top <n>', 'how many answers for each image', wholeNumber([1, 1000]), 3)
      .addOption(
        new Option('--invert <when>', 'swap light and dark; auto: when a digit is dark on light')
          .choices(['auto', 'yes', 'no'])
          .default('auto'),
      )
      .addOption(backend()),
  ).action(async (model, images, options) => finished(await (await import('./commands/predict.ts')).predict(model, images, options)));

  common(
    command(
      'report',
      'Write the report of a run again: one HTML file with its data, curves, mistakes and limits.',
      'report runs/digits',
      'report runs/digits --lang pt',
      'report runs/digits --notebook',
    )
      .argument('<run>', 'the folder of a run', word)
      .option('--notebook', 'a Jupyter notebook, report.ipynb, in place of the page')
      .addOption(language().default('en')),
  ).action(async (run, options) => finished(await (await import('./commands/report.ts')).report(run, options)));

  common(
    command('compare', 'Show runs side by side, and the settings in which they differ.', 'compare runs/digits runs/digits-2').argument(
      '<runs...>',
      'folders of runs',
    ),
  ).action(async (runs, options) => finished(await (await import('./commands/compare.ts')).compare(runs, options)));

  common(
    command(
      'generate',
      'Write on after a prompt, with a model that has learned a text.',
      'generate runs/text/model.safetensors --prompt "Once" --length 200 --temperature 0.8 --seed 1',
    )
      .argument('<model>', 'a model file', word)
      .requiredOption('--prompt <text>', 'the beginning')
      .option('--length <n>', 'how many characters follow', wholeNumber(ranges.steps), 200)
      .option('--temperature <t>', 'below 1 likely characters become likelier; 0 always takes the likeliest', notNegative, 1)
      .option('--top-k <n>', 'only the n likeliest characters', wholeNumber(ranges.steps))
      .option('--top-p <share>', 'only the likeliest characters that add up to this probability', share)
      .option('--seed <n>', 'the same seed writes the same text', wholeNumber(ranges.seed), 0)
      .addOption(backend()),
  ).action(async (model, options) => finished(await (await import('./commands/generate.ts')).generate(model, options)));

  common(
    command(
      'summary',
      'Show the layers of a model, their shapes and sizes, or the tensors of a file of weights.',
      'summary lenet5',
      'summary lenet5 --input 32,32,1',
      'summary lenet5 --model-option variant=original',
      'summary runs/mnist/model.safetensors',
      'summary resnet50.pth',
    )
      .argument('<model>', 'the name of an architecture, or a file: a model, or weights as .pt, .npz, .h5, .safetensors', word)
      .option('--input <sizes>', 'height, width and channels, e.g. 28,28,1', inputShape)
      .addOption(modelOptions()),
  ).action(async (model, options) => finished(await (await import('./commands/summary.ts')).summary(model, options)));

  common(
    command('new', 'Make a project in a new folder: a program that trains a network, ready to run.', 'new ../my-project').argument(
      '<folder>',
      'the new folder; its name is that of the project',
      word,
    ),
  ).action(async (folder, options) => finished(await (await import('./commands/new.ts')).newProject(folder, options)));

  common(command('backends', 'List what can run a model on this machine.', 'backends')).action(async (options) =>
    finished(await (await import('./commands/backends.ts')).backends(options)),
  );

  common(command('doctor', 'Say what this machine has and lacks.', 'doctor')).action(async (options) =>
    finished(await (await import('./commands/doctor.ts')).doctor(options)),
  );

  common(
    command(
      'datasets',
      'List the data sets and where they come from, download one, or show what one holds.',
      'datasets',
      'datasets download mnist',
      'datasets show digits --out digits.png',
    )
      .argument('[action]', 'list (the default), download or show', word)
      .argument('[name]', 'the data set to download or to show', word)
      .addOption(dataFolder())
      .option('--out <file>', 'show: writes some of its images side by side, as .png, .jpg or .webp', word),
  ).action(async (action, name, options) => finished(await (await import('./commands/datasets.ts')).datasets(action, name, options)));

  common(
    command('models', 'List the networks of the zoo with their published figures.', 'models', 'models vgg16').argument(
      '[name]',
      'says more of one: its paper, and the data of its accuracy',
      word,
    ),
  ).action(async (name, options) => finished((await import('./commands/models.ts')).models(name, options)));

  return program;
}

/** Adds the options that every command has. */
function common(command: Command): Command {
  return command
    .option('--json', 'one JSON object a line on standard output, and nothing else')
    .option('--verbose', 'show where an error arose');
}

const dataFolder = (): Option =>
  new Option('--data-dir <folder>', 'where the files of the data set are (default: downloaded once)').argParser(word);
const language = (): Option => new Option('--lang <language>', 'of the report (default: en)').choices(['en', 'pt']);
const modelOptions = (): Option =>
  new Option('--model-option <name=value>', 'an option of the architecture, e.g. variant=original; may be repeated').argParser(modelOption);
const testLimit = (): Option => new Option('--test-limit <n>', limit('test', '2,000')).argParser(wholeNumber(ranges.images));
const limit = (what: string, digits: string): string =>
  `use the first n ${what} images, or generate so many digits (default: all, or ${digits} digits)`;
const backend = (): Option =>
  new Option(
    '--backend <name>',
    'what computes: auto, cpu, native, wasm, reference, webgpu or tfjs-node-gpu (default: auto; see: backends)',
  ).argParser(word);

function examples(...lines: string[]): () => string {
  const width = widthOf(process.stdout);
  const title = lines.length === 1 ? 'Example' : 'Examples';
  return () => `\n${title}:\n${lines.flatMap((line) => example(line, width)).join('\n')}`;
}

/** The least columns beside the names of options in which their descriptions are easy to read. */
const leastBeside = 32;

/** How commander lays help out in the columns of the terminal: broken at words, and in a narrow one each description below its name. */
const atWords: Partial<Help> = {
  minWidthToWrap: 1,
  formatItem(term, termWidth, description, helper) {
    const width = helper.helpWidth ?? 80;
    const beside = width - termWidth - 4;
    if (!description) return `  ${term}`;
    if (beside < leastBeside) return `  ${term}\n${indented(helper.boxWrap(description, Math.max(1, width - 6)), 6)}`;
    return `  ${term.padEnd(termWidth)}  ${indented(helper.boxWrap(description, beside), termWidth + 4).trimStart()}`;
  },
  commandUsage(command) {
    const usage = Help.prototype.commandUsage.call(this, command);
    return wrapWords(`Usage: ${usage}`, this.helpWidth ?? 80)
      .join('\n')
      .replace('Usage: ', '');
  },
};

function indented(lines: string, columns: number): string {
  return lines.replace(/^/gm, ' '.repeat(columns));
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
