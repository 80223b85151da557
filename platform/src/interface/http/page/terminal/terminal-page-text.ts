/** Fixed texts of the page of a terminal. The other languages are typed by the English one. */
const english = {
  title: 'Terminal',
  needsScript: 'This page needs JavaScript.',
  connecting: 'Connecting ...',
  connected: 'Connected',
  resumed: 'Connected again',
  again: 'The connection broke off. Connecting again ...',
  refused: 'Refused:',
  ended: 'The terminal has ended:',
  exited: 'the shell ended with code {code}.',
  closed: 'it was closed.',
  abandoned: 'nobody came back.',
  idle: 'nobody typed for a long time.',
  limit: 'a limit was reached: {limit}.',
  deleted: 'the session was deleted.',
  access: 'your access has ended.',
  stopping: 'the server is stopping.',
  copy: 'Copy',
  paste: 'Paste',
  close: 'Close',
  open: 'New terminal',
} as const;

/** The fixed texts in one language, all of them. */
type TerminalPageText = { readonly [K in keyof typeof english]: string };

const spanish: TerminalPageText = {
  title: 'Terminal',
  needsScript: 'Esta página necesita JavaScript.',
  connecting: 'Conectando ...',
  connected: 'Conectado',
  resumed: 'Conectado de nuevo',
  again: 'Se cortó la conexión. Conectando de nuevo ...',
  refused: 'Rechazado:',
  ended: 'La terminal ha terminado:',
  exited: 'el intérprete terminó con el código {code}.',
  closed: 'se cerró.',
  abandoned: 'nadie volvió.',
  idle: 'nadie escribió durante mucho tiempo.',
  limit: 'se alcanzó un límite: {limit}.',
  deleted: 'la sesión fue borrada.',
  access: 'su acceso ha terminado.',
  stopping: 'el servidor se está deteniendo.',
  copy: 'Copiar',
  paste: 'Pegar',
  close: 'Cerrar',
  open: 'Terminal nueva',
};

const portuguese: TerminalPageText = {
  title: 'Terminal',
  needsScript: 'Esta página precisa de JavaScript.',
  connecting: 'Conectando ...',
  connected: 'Conectado',
  resumed: 'Conectado de novo',
  again: 'A conexão caiu. Conectando de novo ...',
  refused: 'Recusado:',
  ended: 'O terminal terminou:',
  exited: 'o interpretador terminou com o código {code}.',
  closed: 'foi fechado.',
  abandoned: 'ninguém voltou.',
  idle: 'ninguém digitou por muito tempo.',
  limit: 'um limite foi atingido: {limit}.',
  deleted: 'a sessão foi apagada.',
  access: 'seu acesso terminou.',
  stopping: 'o servidor está parando.',
  copy: 'Copiar',
  paste: 'Colar',
  close: 'Fechar',
  open: 'Novo terminal',
};

/** Languages of the page. */
export type TerminalLanguage = 'en' | 'es' | 'pt';

/** The texts by language. */
export const terminalPageTexts: { readonly [L in TerminalLanguage]: TerminalPageText } = {
  en: english,
  es: spanish,
  pt: portuguese,
};
