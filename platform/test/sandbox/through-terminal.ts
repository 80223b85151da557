import type { CommandEnd, CommandFollower, SandboxCommand, SandboxProvider } from '../../src/port/sandbox.ts';

/** The same sandboxes, but every command sits at a terminal: what is true of commands must be true of those. */
export function throughTerminal(provider: SandboxProvider): SandboxProvider {
  return {
    ...provider,
    check: () => provider.check(),
    close: () => provider.close(),
    open: (options) => {
      const sandbox = provider.open(options);
      const run = async (command: SandboxCommand, follower: CommandFollower = {}): Promise<CommandEnd> => {
        const { input, ...rest } = command;
        const seconds = command.seconds ?? options.limits.seconds;
        // A terminal ends its lines in its own way.
        const output = (piece: Uint8Array): void => {
          const text = Buffer.from(piece).toString('latin1').replaceAll('\r\n', '\n');
          follower.output?.(Buffer.from(text, 'latin1'), 'stdout');
        };
        const size = { columns: 200, rows: 50 };
        const terminal = await sandbox.terminal({ ...rest, seconds }, size, { ...follower, output });
        if (input !== undefined) await terminal.type(Buffer.from(`${Buffer.from(input).toString()}\x04`));
        return await terminal.ended;
      };
      return { ...sandbox, run };
    },
  };
}
