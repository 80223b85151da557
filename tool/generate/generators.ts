import { generateCommandLine } from './command-line.ts';
import { generateConfiguration } from './configuration.ts';
import { generateErrors } from './errors.ts';
import type { GeneratedFile } from './generated-file.ts';
import { generateOpenApi } from './open-api.ts';
import { generatePermissions } from './permissions.ts';
import { generateRunStates } from './run-states.ts';

/** Everything that is generated, one generator a file. `npm run generate` writes it; a test compares it with what is committed. */
export const generators: readonly (() => GeneratedFile)[] = [
  generateCommandLine,
  generateConfiguration,
  generateErrors,
  generateOpenApi,
  generatePermissions,
  generateRunStates,
];
