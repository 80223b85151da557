import {
  allSettings,
  snakeCase,
  type NamedSetting,
} from '../../platform/src/domain/configuration/settings.ts';
import type { GeneratedFile } from './generated-file.ts';

const introduction = `# Configuration

Every value can be set in \`batuta.yaml\` of the project folder, by a variable of the environment, or on the command line; the last of
these wins. A value that is not allowed stops the start and names itself, its source and its range; so does an unknown key. \`batuta config\`
prints what is in force and where it comes from. A secret is never shown, and its variable also exists with \`_FILE\` at its end: it then names
a file that holds the value. In a variable a list is separated by commas, and a map is JSON.
This page is made from the schema by \`npm run generate\`.
`;

/** The page of all settings, group by group. */
export function generateConfiguration(): GeneratedFile {
  const groups = Map.groupBy(allSettings, ({ group }) => snakeCase(group));
  const sections = [...groups].map(([group, settings]) => renderGroup(group, settings));
  return { path: 'docs/reference/configuration.md', text: [introduction, ...sections].join('\n') };
}

function renderGroup(group: string, settings: readonly NamedSetting[]): string {
  const rows = settings.map(renderRow);
  return [
    `## ${group}\n`,
    '| setting | variable | what | allowed | default |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function renderRow({ name, setting }: NamedSetting): string {
  const { variable, about, range, secret } = setting;
  const cells = [
    `\`${name}\``,
    `\`${variable}\`${secret ? ' (secret)' : ''}`,
    about,
    range,
    renderDefault(setting.default),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function renderDefault(value: unknown): string {
  if (value === undefined) return 'none';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
