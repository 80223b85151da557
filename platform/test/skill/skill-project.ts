import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openProjectFolder } from '../../src/adapter/project-folder/project-folder.ts';
import { makeSkillTools } from '../../src/adapter/tool-skill/skill-tools.ts';
import {
  loadDefinitions,
  type LoadedDefinitions,
} from '../../src/application/definition/load-definitions.ts';
import { makeToolCatalogue } from '../../src/application/tool/tool-catalogue.ts';
import { makeExecutableTool } from '../../src/domain/tool/executable-tool.ts';

/** A SKILL.md. */
export function skillText(name: string, more = ''): string {
  return `---\nname: ${name}\ndescription: Does ${name}.\n${more}---\n\nDo ${name} step by step.\n`;
}

/** An agent file whose agent has the skills. */
export function agentText(name: string, skills: string): string {
  return `---\nname: ${name}\ndescription: Helps.\nskills: ${skills}\n---\n\nYou help.\n`;
}

/** A project folder of a test's own. */
export class SkillProject implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'batuta-skills-'));

  constructor(files: Readonly<Record<string, string>>) {
    for (const [file, content] of Object.entries(files)) this.write(file, content);
  }

  write(file: string, content: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), content);
  }

  async load(): Promise<LoadedDefinitions> {
    const library = () => {
      throw new RangeError('no run uses them here');
    };
    const tools = makeSkillTools({ library, unpack: async () => null }).map((tool) =>
      makeExecutableTool(tool, 60),
    );
    return loadDefinitions({
      folder: await openProjectFolder(this.folder),
      providers: ['offline'],
      toolsFor: (agents) => makeToolCatalogue({ tools, agents: () => agents }),
    });
  }

  /** What is wrong, as `file:line: reason. hint`. */
  async problems(): Promise<string[]> {
    const { problems } = await this.load();
    return problems.map(({ data: { file, line, reason, hint } }) => `${file}:${line}: ${reason}.${hint}`);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
