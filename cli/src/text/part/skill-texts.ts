import type { Translated } from './translated.ts';

const english = {
  'help.mcp': 'serve the platform as a tool server (MCP) over standard input and output',
  'help.skills': 'list the skills of the project and check them',
  'skills.agents': 'Agents',
  'skills.files': 'Files',
  'skills.none': 'There are no skills. Add one as skills/<name>/SKILL.md.',
  'skills.leftOut': '{name}: calls of {tools} are asked about as without the skill.',
} as const;

const spanish: Translated<typeof english> = {
  'help.mcp': 'ofrece la plataforma como servidor de herramientas (MCP) por la entrada y salida estándar',
  'help.skills': 'enumera las habilidades del proyecto y las comprueba',
  'skills.agents': 'Agentes',
  'skills.files': 'Archivos',
  'skills.none': 'No hay habilidades. Añada una como skills/<name>/SKILL.md.',
  'skills.leftOut': '{name}: por las llamadas de {tools} se pregunta como sin la habilidad.',
};

const portuguese: Translated<typeof english> = {
  'help.mcp': 'oferece a plataforma como servidor de ferramentas (MCP) pela entrada e saída padrão',
  'help.skills': 'lista as habilidades do projeto e verifica-as',
  'skills.agents': 'Agentes',
  'skills.files': 'Arquivos',
  'skills.none': 'Não há habilidades. Adicione uma como skills/<name>/SKILL.md.',
  'skills.leftOut': '{name}: as chamadas de {tools} são perguntadas como sem a habilidade.',
};

/** The fixed texts about skills and the tool server, by language. */
export const skillTexts = { english, spanish, portuguese };
