/** The emulator of model providers as a process of its own, on a free port. */
import { startEmulator } from '@batuta/testkit';

const emulator = await startEmulator({ port: 0, remember: 1, strict: false });
process.stdout.write(`ready ${emulator.url}\n`);
process.once('SIGTERM', () => void emulator.stop());
