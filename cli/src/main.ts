import module from 'node:module';
import path from 'node:path';
import { keepYoungGenerationSmall } from './young-generation.ts';

keepYoungGenerationSmall(process);

// Before anything else is loaded: compiled code is kept between commands, which halves the start. Beside the program, not in the folder for
// temporary files: who can write there could put code of theirs into it.
module.enableCompileCache(path.join(import.meta.dirname, '..', 'node_modules', '.cache', 'batuta'));

const [{ runProgram }, { processIo }] = await Promise.all([
  import('./run-program.ts'),
  import('./terminal/process-io.ts'),
]);

const io = processIo(process);
const code = await runProgram(process.argv.slice(2), {
  io,
  loadPlatform: () => import('@batuta/platform'),
  inspectConfiguration: async (project) =>
    (await import('@batuta/platform/configuration')).inspectConfiguration(project),
  makeClient: async (target) => (await import('./connection/sdk-client.ts')).makeClient(target),
});
await io.flush();
// Kept-alive connections would hold the process for seconds.
process.exit(code);
