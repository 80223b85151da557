/** What a line that begins with a slash asks for. */
export type SlashCommand =
  | { name: 'help' | 'session' | 'new' | 'cancel' | 'exit' }
  | { name: 'fork'; at: number | undefined }
  | { name: 'unknown'; typed: string };

const simple: Readonly<Partial<Record<string, SlashCommand>>> = {
  help: { name: 'help' },
  session: { name: 'session' },
  new: { name: 'new' },
  cancel: { name: 'cancel' },
  exit: { name: 'exit' },
  quit: { name: 'exit' },
};

/** Reads a line; undefined when it is a message for the agent. Lines of several rows are always messages. */
export function parseSlashCommand(line: string): SlashCommand | undefined {
  const match = /^\/(\w+)(?:[ \t]+(.*))?$/.exec(line.trim());
  if (match === null) return undefined;
  const [, name = '', rest = ''] = match;
  if (name === 'fork') return { name, at: /^[1-9]\d{0,14}$/.test(rest.trim()) ? Number(rest) : undefined };
  return simple[name] ?? { name: 'unknown', typed: `/${name}` };
}
