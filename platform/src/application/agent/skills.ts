import { BatutaError } from '@batuta/contract';
import { hintFor } from '../../domain/definition/nearest-word.ts';
import type { Skill, SkillLibrary } from '../../port/skill-library.ts';
import type { Page, PageRequest } from '../application.ts';
import { pageOf, readPageCursor } from '../page.ts';

/** A skill as doors show it. */
export type SkillView = Pick<Skill, 'name' | 'description' | 'body' | 'files'>;

/** Skills of the project that belong to no agent alone, by name. Errors: `cursor-invalid`. */
export function listSkills(library: SkillLibrary, page: PageRequest): Page<SkillView> {
  const after = readPageCursor(page.cursor);
  const rest = library.list().filter(({ name }) => after === undefined || name > after);
  return pageOf(rest.slice(0, page.limit + 1), page.limit, {
    render: (skill) => skill,
    key: ({ name }) => name,
  });
}

/** One of them. Errors: `skill-unknown`. */
export function getSkill(library: SkillLibrary, name: string): SkillView {
  const all = library.list();
  const found = all.find((skill) => skill.name === name);
  if (found) return found;
  const hint = hintFor(
    name,
    all.map((skill) => skill.name),
  );
  throw new BatutaError('skill-unknown', { skill: name, hint });
}

/** A project without skills. */
export const noSkills: SkillLibrary = {
  skillsOf: () => [],
  list: () => [],
  readFile: () => Promise.resolve(undefined),
};
