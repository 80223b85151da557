import { type CommandContext } from '../command-context.ts';
import { type ListenOptions, listenOverrides } from './start.ts';
import { stayUntilInterrupted } from './stay.ts';

/** Options of `batuta serve`. */
export interface ServeOptions extends ListenOptions {
  role: 'all' | 'api' | 'worker';
}

/** `batuta serve`: for production. Writes nothing itself; the platform's JSON log goes to standard output. */
export async function serve(context: CommandContext, options: ServeOptions): Promise<number> {
  const module = await context.loadPlatform();
  const platform = await module.startPlatform({
    projectFolder: context.projectFolder,
    environment: context.io.environment,
    overrides: listenOverrides(options),
    role: options.role,
    log: 'json',
  });
  return stayUntilInterrupted(context.io, platform, () => undefined);
}
