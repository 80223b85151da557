/** Takes the lock of a directory, says what came of it, and keeps it until it is ended. */
import { BatutaError } from '@batuta/contract';
import { lockDirectory } from '../../src/adapter/pglite/directory-lock.ts';

process.stdout.write(`${attempt(process.argv[2] ?? '')}\n`);
process.stdin.resume();

function attempt(directory: string): string {
  try {
    lockDirectory(directory);
    return 'locked';
  } catch (error) {
    return BatutaError.is(error) ? error.code : String(error);
  }
}
