// The laboratory: starts the frame.

import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import './shell/shell.css';
import { Shell } from './shell/shell.tsx';

render(<Shell />, document.getElementById('app')!);
