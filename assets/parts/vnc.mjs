// The client of VM screens, for src/components/console/vnc.rs.
import RFB from '@novnc/novnc';
import { initLogging } from '../node_modules/@novnc/novnc/core/util/logging.js';

// What goes wrong is told by the page; addresses, which may hold a ticket, are told by nobody.
initLogging('none');
(globalThis.moxxieParts ??= {}).vnc = RFB;
