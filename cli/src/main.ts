import { startLean } from './lean-server.ts';

startLean(process);

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
