import { parseArgs } from 'node:util';

import { startEmulator } from './emulator.ts';
import { modelNameForms } from './model-name.ts';

// The emulator as a process of its own: answers are chosen by the name of the model.

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4010' },
    host: { type: 'string', default: '127.0.0.1' },
  },
});

try {
  const emulator = await startEmulator({
    port: Number(values.port),
    host: values.host,
    remember: 1,
    // Ids stay unique when it is started again.
    idPrefix: `e${Date.now().toString(36)}`,
  });
  const forms = modelNameForms.map(({ form, meaning }) => `  ${form.padEnd(12)} ${meaning}`).join('\n');
  process.stdout.write(`Emulator at ${emulator.url}\nModels by name:\n${forms}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void emulator.stop());
  }
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
}
