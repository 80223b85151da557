import type { Translated } from './translated.ts';

const english = {
  'help.terminal': 'sit at a terminal in the sandbox of a session',
  'help.terminal.session': 'id of the session',
  'terminal.again': 'The connection broke off. Connecting again; Ctrl-C gives up.',
  'terminal.gone': 'The connection broke off, and the terminal is gone.',
  'terminal.closed': 'The terminal was closed.',
  'terminal.abandoned': 'The terminal ended: nobody came back.',
  'terminal.idle': 'The terminal ended: nobody typed for a long time.',
  'terminal.limit': 'The terminal ended: a limit was reached ({limit}).',
  'terminal.session-deleted': 'The terminal ended: the session was deleted.',
  'terminal.access-ended': 'The terminal ended: your access has ended.',
  'terminal.stopping': 'The terminal ended: the server is stopping.',
} as const;

const spanish: Translated<typeof english> = {
  'help.terminal': 'abre una terminal en el entorno aislado de una sesión',
  'help.terminal.session': 'id de la sesión',
  'terminal.again': 'Se cortó la conexión. Conectando de nuevo; Ctrl-C desiste.',
  'terminal.gone': 'Se cortó la conexión y la terminal ya no existe.',
  'terminal.closed': 'La terminal se cerró.',
  'terminal.abandoned': 'La terminal terminó: nadie volvió.',
  'terminal.idle': 'La terminal terminó: nadie escribió durante mucho tiempo.',
  'terminal.limit': 'La terminal terminó: se alcanzó un límite ({limit}).',
  'terminal.session-deleted': 'La terminal terminó: la sesión fue borrada.',
  'terminal.access-ended': 'La terminal terminó: su acceso ha terminado.',
  'terminal.stopping': 'La terminal terminó: el servidor se está deteniendo.',
};

const portuguese: Translated<typeof english> = {
  'help.terminal': 'abre um terminal no ambiente isolado de uma sessão',
  'help.terminal.session': 'id da sessão',
  'terminal.again': 'A conexão caiu. Conectando de novo; Ctrl-C desiste.',
  'terminal.gone': 'A conexão caiu e o terminal não existe mais.',
  'terminal.closed': 'O terminal foi fechado.',
  'terminal.abandoned': 'O terminal terminou: ninguém voltou.',
  'terminal.idle': 'O terminal terminou: ninguém digitou por muito tempo.',
  'terminal.limit': 'O terminal terminou: um limite foi atingido ({limit}).',
  'terminal.session-deleted': 'O terminal terminou: a sessão foi apagada.',
  'terminal.access-ended': 'O terminal terminou: seu acesso terminou.',
  'terminal.stopping': 'O terminal terminou: o servidor está parando.',
};

/** The fixed texts about terminals, by language. */
export const terminalTexts = { english, spanish, portuguese };
