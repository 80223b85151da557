import type { Translated } from './translated.ts';

const english = {
  'help.tools': 'list tools, where they come from and what is wrong with them',
  'help.tools.source': 'only the tools of this source, such as openapi:billing',
  'tools.source': 'Source',
  'tools.state': 'State',
  'tools.starting': 'starting',
  'tools.ready': 'ready',
  'tools.failing': 'failing',
  'tools.effect': 'Effect',
  'tools.reads': 'reads',
  'tools.changes': 'changes',
  'tools.destroys': 'destroys',
  'tools.problems': 'Problems of {source}:',
  'tools.more': 'There are more tools: name a source with --source, or raise --limit.',
  'tools.none': 'There are no such tools.',
  'doctor.sources': 'Tools come from {names}',
  'doctor.source': '{source}: {reason}',
  'doctor.sourcesUnknown': 'Where tools come from could not be asked: {reason}',
  'doctor.sourceMend': 'look at its declaration in batuta.yaml and at the log; it is tried again by itself',
} as const;

const spanish: Translated<typeof english> = {
  'help.tools': 'enumera las herramientas, de dónde vienen y qué les falla',
  'help.tools.source': 'solo las herramientas de esta fuente, como openapi:billing',
  'tools.source': 'Fuente',
  'tools.state': 'Estado',
  'tools.starting': 'arrancando',
  'tools.ready': 'lista',
  'tools.failing': 'fallando',
  'tools.effect': 'Efecto',
  'tools.reads': 'lee',
  'tools.changes': 'cambia',
  'tools.destroys': 'destruye',
  'tools.problems': 'Problemas de {source}:',
  'tools.more': 'Hay más herramientas: nombre una fuente con --source o aumente --limit.',
  'tools.none': 'No hay tales herramientas.',
  'doctor.sources': 'Hay herramientas de {names}',
  'doctor.source': '{source}: {reason}',
  'doctor.sourcesUnknown': 'No se pudo preguntar de dónde vienen las herramientas: {reason}',
  'doctor.sourceMend': 'mire su declaración en batuta.yaml y el registro; se vuelve a intentar sin más',
};

const portuguese: Translated<typeof english> = {
  'help.tools': 'lista as ferramentas, de onde vêm e o que há de errado com elas',
  'help.tools.source': 'só as ferramentas desta fonte, como openapi:billing',
  'tools.source': 'Fonte',
  'tools.state': 'Estado',
  'tools.starting': 'iniciando',
  'tools.ready': 'pronta',
  'tools.failing': 'falhando',
  'tools.effect': 'Efeito',
  'tools.reads': 'lê',
  'tools.changes': 'altera',
  'tools.destroys': 'destrói',
  'tools.problems': 'Problemas de {source}:',
  'tools.more': 'Há mais ferramentas: indique uma fonte com --source ou aumente --limit.',
  'tools.none': 'Não há tais ferramentas.',
  'doctor.sources': 'Há ferramentas de {names}',
  'doctor.source': '{source}: {reason}',
  'doctor.sourcesUnknown': 'Não foi possível perguntar de onde vêm as ferramentas: {reason}',
  'doctor.sourceMend': 'veja a declaração em batuta.yaml e o registro; tenta-se de novo por si só',
};

/** The fixed texts about tools, by language. */
export const toolTexts = { english, spanish, portuguese };
