// `npm start [-- FLAGS]`: installs what is missing, builds, and runs `tepui dev FLAGS`.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { build, containerTools, installPackages, installTools, requireNode, root } from './prepare.mjs';

requireNode();
installPackages();
installTools(containerTools);
build();
process.argv = [process.argv[0], 'tepui', 'dev', ...process.argv.slice(2)];
await import(pathToFileURL(join(root, 'dist/src/cmd/main.js')).href);
