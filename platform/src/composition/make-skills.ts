import { makeSkillTools } from '../adapter/tool-skill/skill-tools.ts';
import type { SandboxTools } from '../adapter/tool-sandbox/sandbox-tools.ts';
import type { AgentCatalogue } from '../port/agent-catalogue.ts';
import type { Skill, SkillLibrary } from '../port/skill-library.ts';
import type { DefinedTool } from '../port/tool-definition.ts';
import type { ToolCatalogue, ToolContext } from '../port/tool.ts';

/** What the project has defined, once it was read: the tools of skills are made before that. */
interface Defined {
  skills: SkillLibrary;
  agents: AgentCatalogue;
  tools: ToolCatalogue;
}

/** Tools that run what lies in a workspace. */
const runners: ReadonlySet<string> = new Set(['shell', 'run_python', 'run_node']);

/** The tools by which agents use their skills. */
export function skillToolsOf(defined: () => Defined, open: SandboxTools['open'] | undefined): DefinedTool[] {
  return makeSkillTools({
    library: () => defined().skills,
    unpack: async (skill, context) => {
      if (open === undefined || !canRun(defined(), context.agent)) return null;
      return unpack({ open, library: defined().skills }, skill, context);
    },
  });
}

function canRun({ agents, tools }: Defined, agent: string): boolean {
  const named = agents.find(agent)?.definition.tools ?? [];
  return tools.resolve(named).tools.some(({ name }) => runners.has(name));
}

/** All its files, each as it was loaded: what a command has changed of them is put right. */
async function unpack(
  { open, library }: { open: SandboxTools['open']; library: SkillLibrary },
  skill: Skill,
  context: ToolContext,
): Promise<string> {
  const folder = `skills/${skill.name}`;
  const { files } = await open(context, 'general');
  for (const { path } of skill.files) {
    const content = await library.readFile(skill, path);
    if (content !== undefined) await files.write(`${folder}/${path}`, content);
  }
  return folder;
}
