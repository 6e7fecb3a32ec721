// The terminal of serial consoles and shells, for src/components/console/terminal.rs.
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import css from '@xterm/xterm/css/xterm.css';
import { adopt } from './styles.mjs';

adopt(document).replaceSync(css);
(globalThis.moxxieParts ??= {}).terminal = Terminal;
globalThis.moxxieParts.fit = FitAddon;
