import type { Translated } from './translated.ts';

const english = {
  'help.audit': 'look at the audit log: who did what, when, from where',
  'help.audit.list': 'list entries, newest first',
  'help.audit.export': 'write entries, oldest first, one JSON object a line',
  'help.audit.verify': 'find out whether the log is as it was written; exit code 1: it is not',
  'help.audit.since': 'only from this time on: 2026-11-21T10:00:00Z, or 30m, 24h, 7d ago',
  'help.audit.until': 'only before this time',
  'help.audit.actor': 'only by this user or key (its id)',
  'help.audit.action': 'only this action, such as api-key-created or "POST /v1/runs"',
  'help.audit.kind': 'only entries of this kind',
  'help.audit.target': 'only what was done to this (its id)',
  'help.audit.output': 'file to write (default: standard output)',
  'help.audit.anchor':
    'end of the chain that was kept outside of the database: <number>:<hash>; may be given again',
  'audit.when': 'When',
  'audit.who': 'Who',
  'audit.what': 'What',
  'audit.target': 'To what',
  'audit.outcome': 'Outcome',
  'audit.from': 'From',
  'audit.intact': 'The audit log is as it was written: {count} entries, from number {first} on.',
  'audit.empty': 'The audit log has no entries.',
  'audit.head': 'Its end: {anchor} (keep this elsewhere, and give it as --anchor later)',
  'audit.broken': 'The audit log is not as it was written. Entry {seq}: {explanation}',
  'audit.verifiedBefore': 'Entries before it that are as they were written: {count}.',
  'expected.time': 'a time such as 2026-11-21T10:00:00Z, 30m, 24h or 7d',
} as const;

const spanish: Translated<typeof english> = {
  'help.audit': 'muestra el registro de auditoría: quién hizo qué, cuándo y desde dónde',
  'help.audit.list': 'lista las entradas, las más recientes primero',
  'help.audit.export': 'escribe las entradas, las más antiguas primero, un objeto JSON por línea',
  'help.audit.verify': 'comprueba si el registro está como se escribió; código de salida 1: no lo está',
  'help.audit.since': 'solo desde este momento: 2026-11-21T10:00:00Z, o hace 30m, 24h, 7d',
  'help.audit.until': 'solo antes de este momento',
  'help.audit.actor': 'solo de este usuario o esta clave (su id)',
  'help.audit.action': 'solo esta acción, como api-key-created o "POST /v1/runs"',
  'help.audit.kind': 'solo entradas de este tipo',
  'help.audit.target': 'solo lo que se hizo con esto (su id)',
  'help.audit.output': 'archivo que se escribe (por defecto: la salida estándar)',
  'help.audit.anchor':
    'final de la cadena que se guardó fuera de la base de datos: <número>:<hash>; puede repetirse',
  'audit.when': 'Cuándo',
  'audit.who': 'Quién',
  'audit.what': 'Qué',
  'audit.target': 'Con qué',
  'audit.outcome': 'Resultado',
  'audit.from': 'Desde',
  'audit.intact':
    'El registro de auditoría está como se escribió: {count} entradas, a partir del número {first}.',
  'audit.empty': 'El registro de auditoría no tiene entradas.',
  'audit.head': 'Su final: {anchor} (guárdelo en otro lugar y páselo más tarde con --anchor)',
  'audit.broken': 'El registro de auditoría no está como se escribió. Entrada {seq}: {explanation}',
  'audit.verifiedBefore': 'Entradas anteriores que están como se escribieron: {count}.',
  'expected.time': 'un momento como 2026-11-21T10:00:00Z, 30m, 24h o 7d',
};

const portuguese: Translated<typeof english> = {
  'help.audit': 'mostra o registro de auditoria: quem fez o quê, quando e de onde',
  'help.audit.list': 'lista as entradas, as mais recentes primeiro',
  'help.audit.export': 'grava as entradas, as mais antigas primeiro, um objeto JSON por linha',
  'help.audit.verify': 'verifica se o registro está como foi escrito; código de saída 1: não está',
  'help.audit.since': 'só a partir deste momento: 2026-11-21T10:00:00Z, ou há 30m, 24h, 7d',
  'help.audit.until': 'só antes deste momento',
  'help.audit.actor': 'só deste usuário ou desta chave (seu id)',
  'help.audit.action': 'só esta ação, como api-key-created ou "POST /v1/runs"',
  'help.audit.kind': 'só entradas deste tipo',
  'help.audit.target': 'só o que foi feito com isto (seu id)',
  'help.audit.output': 'arquivo a gravar (padrão: a saída padrão)',
  'help.audit.anchor': 'fim da cadeia guardado fora do banco de dados: <número>:<hash>; pode ser repetido',
  'audit.when': 'Quando',
  'audit.who': 'Quem',
  'audit.what': 'O quê',
  'audit.target': 'Com o quê',
  'audit.outcome': 'Resultado',
  'audit.from': 'De onde',
  'audit.intact':
    'O registro de auditoria está como foi escrito: {count} entradas, a partir do número {first}.',
  'audit.empty': 'O registro de auditoria não tem entradas.',
  'audit.head': 'Seu fim: {anchor} (guarde-o em outro lugar e passe-o depois com --anchor)',
  'audit.broken': 'O registro de auditoria não está como foi escrito. Entrada {seq}: {explanation}',
  'audit.verifiedBefore': 'Entradas anteriores que estão como foram escritas: {count}.',
  'expected.time': 'um momento como 2026-11-21T10:00:00Z, 30m, 24h ou 7d',
};

/** Texts of `batuta audit`. */
export const auditTexts = { english, spanish, portuguese };
