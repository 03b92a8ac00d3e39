// The layers of the network.

import { html } from '../html.ts';
import type { MakeSection } from '../view.ts';

/** Deep networks have hundreds of layers. */
const MOST_LISTED = 200;

export const architecture: MakeSection = ({ run, words, format, layers }) => {
  if (layers === undefined) return undefined;
  const { title, layer, type, output, parameters, macs, total, networks } = words.architecture;
  const rows = layers.layers.slice(0, MOST_LISTED).map(
    (each) =>
      html`<tr>
        <th scope="row">${each.path}</th>
        <td>${each.type}</td>
        <td>${each.outputShape.join(' × ')}</td>
        <td class="number">${format.count(each.parameters)}</td>
        <td class="number">${format.count(each.macs)}</td>
      </tr>`,
  );
  const head = [layer, type, output, parameters, macs].map((name) => html`<th scope="col">${name}</th>`);
  const all = layers.trainable + layers.nonTrainable;
  return {
    id: 'architecture',
    title,
    body: html`<p>${run.model.name}${run.model.networks > 1 && `: ${networks(format.count(run.model.networks))}`}</p>
      <div class="wide">
        <table>
          <thead>
            <tr>
              ${head}
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">${total}</th>
              <td></td>
              <td></td>
              <td class="number">${format.count(all)}</td>
              <td class="number">${format.count(layers.macs)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      ${layers.layers.length > MOST_LISTED && html`<p>${words.data.more(format.count(layers.layers.length - MOST_LISTED))}</p>`}`,
  };
};
