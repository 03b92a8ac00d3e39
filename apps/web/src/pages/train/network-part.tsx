// The network: one of the zoo, or one's own, layer by layer.

import { SelectField } from '../../experiment/control-strip.tsx';
import { number, textOf } from '../../shell/language.ts';
import { LayerEditor } from './layer-editor.tsx';
import { settings } from './address.ts';
import { shapeText } from './shape-text.ts';
import { isPlane, networkNames } from './settings.ts';
import { trainTexts } from './text.ts';
import { change, prepared } from './training.ts';

export function NetworkPart() {
  const text = textOf(trainTexts);
  const { network, data } = settings.value;
  const made = prepared.value;
  const offered = networkNames.filter((name) => name === network || (isPlane(data) ? name === 'own' : name !== 'file'));
  return (
    <>
      <SelectField
        name="net"
        label={text.network}
        value={network}
        options={offered.map((name) => [name, text.networkNames[name]])}
        onChange={(next) => change({ network: next })}
      />
      {network === 'own' && <LayerEditor />}
      {network !== 'own' && made !== undefined && (
        <table class="layers">
          <thead>
            <tr>
              <th scope="col">{text.layer}</th>
              <th scope="col">{text.output}</th>
              <th scope="col">{text.parameters}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{text.input}</th>
              <td>{shapeText(made.inputShape)}</td>
              <td />
            </tr>
            {made.layers.map(({ name, shape, parameters }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{shapeText(shape)}</td>
                <td>{parameters > 0 ? number(parameters) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {made !== undefined && (
        <p class="quiet">
          {text.total}: {number(made.parameters)} {text.parameters.toLocaleLowerCase()}
        </p>
      )}
    </>
  );
}
