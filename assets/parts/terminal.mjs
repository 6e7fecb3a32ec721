// The terminal of serial consoles and shells, for src/components/console/terminal.rs.
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import css from '@xterm/xterm/css/xterm.css';
import { adopt } from './styles.mjs';

// Its edge takes the colour of its place.
adopt(document).replaceSync(`${css}.xterm .xterm-viewport { background-color: transparent; }`);
(globalThis.moxxieParts ??= {}).terminal = Terminal;
globalThis.moxxieParts.fit = FitAddon;
