/** Names that skills of other programs use, and the tool of this platform that does the same. */
const otherNames: Readonly<Record<string, string>> = {
  Bash: 'shell',
  Shell: 'shell',
  Python: 'run_python',
  Read: 'read_file',
  Write: 'write_file',
  Edit: 'edit_file',
  MultiEdit: 'edit_file',
  LS: 'list_files',
  Glob: 'list_files',
  Grep: 'search_files',
  WebFetch: 'web_fetch',
  WebSearch: 'web_search',
};

const referencePattern = /^(?:(?:agent|mcp|openapi):)?[A-Za-z_][\w./-]*\*?$/;

/**
 * The tools of `allowed-tools` as rules name them. What cannot be taken over exactly is left out, so that it is asked about as without the
 * skill: a pattern of arguments (`Bash(git:*)`), and `*` alone.
 */
export function toolsOfSkill(allowed: readonly string[]): { tools: string[]; leftOut: string[] } {
  const named = allowed.map((entry) => ({ entry, tool: toolOf(entry) }));
  return {
    tools: [...new Set(named.flatMap(({ tool }) => tool ?? []))],
    leftOut: named.filter(({ tool }) => tool === undefined).map(({ entry }) => entry),
  };
}

function toolOf(entry: string): string | undefined {
  const known = Object.hasOwn(otherNames, entry) ? otherNames[entry] : entry;
  return known !== undefined && referencePattern.test(known) ? known : undefined;
}
